import {
  defaultFieldResolver,
  getNullableType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { everyOf, someOf, type Decision } from './decision.ts';
import { mergeDenials, type Denial } from './denial.ts';
import { requestedNamesOf } from './requested-names.ts';
import { policyDenialOf, ruleOf, scopeDenialOf, type Rule } from './rule.ts';
import { type FieldRequirements, SchemaRequirements } from './schema-requirements.ts';

/** A field of an object in a request. For the policies of an object type, `source` is that object. */
export interface PolicyInput<Context> {
  readonly source: unknown;
  readonly args: Record<string, unknown>;
  readonly context: Context;
  readonly info: GraphQLResolveInfo;
}

/** Grants with `true`, or a promise of it. Anything else denies. If it throws, its error is the field's error. */
export type Policy<Context> = (input: PolicyInput<Context>) => Decision;

/** A guarded field of an object in a request. */
export interface AllowInput<Context> {
  readonly source: unknown;
  readonly parentType: GraphQLObjectType;
  readonly fieldName: string;
  readonly context: Context;
}

/** `Context` is the context value of the schema's operations. */
export interface GuardOptions<Context> {
  /** The caller's scopes. Undefined: the caller is not authenticated. */
  readonly scopesOf: (context: Context) => ReadonlySet<string> | undefined;
  /** By name: each policy that the schema names. */
  readonly policies: Readonly<Record<string, Policy<Context>>>;
  /**
   * A further rule for each field that has a requirement, or whose type has one. Example: callers read only their own
   * record. It does not apply to fields that only return a guarded object. Default: allow all.
   */
  readonly allow?: (input: AllowInput<Context>) => boolean;
  /**
   * Hides from callers whether an object exists. Default: false.
   *
   * It applies if a field resolves to null, and the operation selects fields of the missing object that the caller may
   * not read. If the caller may read none of the selected fields, each one is denied at its own path, as for an
   * existing object. Otherwise the field that resolved to null is denied. Then `allow` and the policies of the selected
   * fields get the parent as `source`, and the policies get no arguments, so they must not depend on arguments.
   */
  readonly denyBehindNull?: boolean;
  /** Makes the error of a denied field. Its message and extensions reach the caller. */
  readonly toError: (denial: Denial) => Error;
}

/** Undefined grants. Synchronous where possible, as a `Decision`. */
type Verdict = Denial | undefined | Promise<Denial | undefined>;

/** Entry points of federation. The guard checks the fields of the objects that they return. */
const FEDERATION_FIELDS: ReadonlySet<string> = new Set(['_entities', '_service']);

/**
 * What the guard checks before the resolver of a field. Its policies are those of the field: the policies of the returned
 * object are checked at that object's fields.
 */
interface FieldRule extends Rule {
  /** False if only the returned object has a requirement: that object is not loaded yet. */
  readonly usesAllow: boolean;
}

function fieldRuleOf({ onField, onReturnedType }: FieldRequirements): FieldRule | undefined {
  const requirements = [...onField, ...onReturnedType];
  if (requirements.length === 0) return undefined;
  return { ...ruleOf(requirements), policies: ruleOf(onField).policies, usesAllow: onField.length > 0 };
}

/** Wraps resolvers with the rules of their fields. */
class FieldGuard<Context> {
  readonly #options: GuardOptions<Context>;

  constructor(options: GuardOptions<Context>) {
    this.#options = options;
  }

  /** The new resolver checks the rule first. */
  wrap(rule: FieldRule, resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
    const { toError } = this.#options;
    return (source, args: Record<string, unknown>, context, info) => {
      const verdict = this.#denialOf(rule, { source, args, context, info });
      if (verdict === undefined) return resolve(source, args, context, info);
      if (!(verdict instanceof Promise)) throw toError(verdict);
      return verdict.then((denial) => {
        if (denial !== undefined) throw toError(denial);
        return resolve(source, args, context, info);
      });
    };
  }

  /** If the new resolver gets null, it checks the rules of the selected fields (`denyBehindNull`). */
  wrapNullable(
    typeRules: ReadonlyMap<string, FieldRule>,
    type: GraphQLObjectType,
    resolve: GraphQLFieldResolver<unknown, Context>,
  ): GraphQLFieldResolver<unknown, Context> {
    return async (source, args: Record<string, unknown>, context, info) => {
      const value: unknown = await resolve(source, args, context, info);
      if (value !== null && value !== undefined) return value;
      const verdicts = await Promise.all(
        [...requestedNamesOf(info)].map((fieldName) => {
          const rule = typeRules.get(fieldName);
          return (
            rule && this.#denialOf(rule, { source, args: {}, context, info: { ...info, fieldName, parentType: type } })
          );
        }),
      );
      const denial = mergeDenials(verdicts.filter((verdict) => verdict !== undefined));
      if (denial === undefined) return value;
      // The parent replaces the missing object. The guard denies each selected field at its own path and resolves none.
      if (verdicts.every((verdict) => verdict !== undefined)) return source;
      throw this.#options.toError(denial);
    };
  }

  /** Checks policies last, because a policy may read a database. */
  #denialOf(rule: FieldRule, input: PolicyInput<Context>): Verdict {
    const { scopesOf, policies, allow } = this.#options;
    const { source, context, info } = input;
    const scopeDenial = scopeDenialOf(rule, scopesOf(context));
    if (scopeDenial !== undefined) return scopeDenial;
    if (rule.usesAllow && allow !== undefined) {
      const { parentType, fieldName } = info;
      if (allow({ source, parentType, fieldName, context }) !== true) return { by: 'allow' };
    }
    if (rule.policies.length === 0) return undefined;
    // `guardSchema` found every policy. A policy that is removed later denies.
    const decidePolicy = (name: string): Decision => policies[name]?.(input) ?? false;
    const decision = everyOf(rule.policies, (anyOf) => someOf(anyOf, (allOf) => everyOf(allOf, decidePolicy)));
    if (decision === true) return undefined;
    if (decision === false) return policyDenialOf(rule);
    return decision.then((isGranted) => (isGranted ? undefined : policyDenialOf(rule)));
  }
}

/**
 * Enforces `@authenticated`, `@requiresScopes` and `@policy` in a schema, before the resolver of each field. It
 * replaces resolvers in the schema and returns the same schema. Fields without a requirement and the reference
 * resolvers of a subgraph stay unchanged.
 *
 * A guarded field without a resolver gets the default resolver of graphql-js. `execute` ignores its option
 * `fieldResolver` for guarded fields.
 *
 * @throws Error if the schema names a policy that the options lack, or has a directive whose meaning is not clear; the
 *   schema is unchanged then
 */
export function guardSchema<Context>(schema: GraphQLSchema, options: GuardOptions<Context>): GraphQLSchema {
  const requirements = new SchemaRequirements(schema);
  const guard = new FieldGuard(options);
  const rules = new Map<GraphQLField<unknown, Context>, FieldRule>();

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (type === schema.getQueryType() && FEDERATION_FIELDS.has(field.name)) continue;
      const rule = fieldRuleOf(requirements.ofField(type, field));
      if (rule === undefined) continue;
      const unknownPolicy = rule.policies.flat(2).find((name) => !Object.hasOwn(options.policies, name));
      if (unknownPolicy !== undefined)
        throw new Error(`${type.name}.${field.name} names the unknown policy "${unknownPolicy}"`);
      rules.set(field, rule);
    }
  }
  // The schema changes only after every directive is read: a half-guarded schema would look like a guarded one.
  for (const [field, rule] of rules) {
    const resolve = field.resolve ?? defaultFieldResolver;
    const type = getNullableType(field.type);
    const typeRules = options.denyBehindNull && isObjectType(type) ? rulesOf(type, rules) : undefined;
    field.resolve = guard.wrap(
      rule,
      typeRules?.size ? guard.wrapNullable(typeRules, type as GraphQLObjectType, resolve) : resolve,
    );
    if (field.subscribe !== undefined) field.subscribe = guard.wrap(rule, field.subscribe);
  }
  return schema;
}

function rulesOf<Context>(
  type: GraphQLObjectType,
  rules: ReadonlyMap<GraphQLField<unknown, Context>, FieldRule>,
): Map<string, FieldRule> {
  return new Map(
    Object.values(type.getFields()).flatMap((field) => {
      const rule = rules.get(field);
      return rule ? [[field.name, rule] as const] : [];
    }),
  );
}

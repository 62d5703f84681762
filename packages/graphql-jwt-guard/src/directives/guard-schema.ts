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
import { mergeDenials, nearestScopes, type Denial } from './denial.ts';
import { requestedNames } from './requested-names.ts';
import { isSatisfied, type AnyOf, type Requirement } from './requirement.ts';
import { SchemaRequirements } from './schema-requirements.ts';

/** What a policy may look at: one field of one object in one request. */
export interface PolicyInput<Context> {
  readonly source: unknown;
  readonly args: Record<string, unknown>;
  readonly context: Context;
  readonly info: GraphQLResolveInfo;
}

/** Grants with `true`; anything else denies. An error it throws is the field's error. */
export type Policy<Context> = (input: PolicyInput<Context>) => Decision;

export interface AllowInput<Context> {
  readonly source: unknown;
  readonly parentType: GraphQLObjectType;
  readonly fieldName: string;
  readonly context: Context;
}

export interface GuardOptions<Context> {
  /** The caller's scopes; undefined means not authenticated. */
  readonly scopesOf: (context: Context) => ReadonlySet<string> | undefined;
  /** Every policy that the schema names. */
  readonly policies: Readonly<Record<string, Policy<Context>>>;
  /**
   * One more rule for every field under a requirement of its own or of its type: that callers read their own record
   * only, say. It is not asked for fields that merely return a guarded object.
   */
  readonly allow?: (input: AllowInput<Context>) => boolean;
  /**
   * Denies a field that came out null when the operation asks for fields of the missing object that this caller may not
   * read: the null would tell that there is no such object, which a denial must not. Their rules look at the parent in
   * its place. Where none of the fields may be read, each is denied at its own path, as it is of an object that is
   * there. Default: false.
   */
  readonly denyBehindNull?: boolean;
  /** Makes the error of a denied field. */
  readonly denied: (denial: Denial) => Error;
}

/** Undefined grants. Taken at once where it can be, as a `Decision` is. */
type Verdict = Denial | undefined | Promise<Denial | undefined>;

/** The entry points of federation: whatever they return is guarded at its own fields. */
const FEDERATION_FIELDS: ReadonlySet<string> = new Set(['_entities', '_service']);

interface FieldRule {
  readonly needsToken: boolean;
  readonly scopes: readonly AnyOf[];
  readonly policies: readonly AnyOf[];
  readonly policyDenial: Denial;
  /** False when only the returned object is guarded: then there is no record yet to speak about. */
  readonly asksAllow: boolean;
}

function ruleOf(own: readonly Requirement[], returned: readonly Requirement[]): FieldRule | undefined {
  const all = [...own, ...returned];
  if (all.length === 0) return undefined;
  const policies = own.flatMap((it) => (it.policies === undefined ? [] : [it.policies]));
  return {
    needsToken: all.some((it) => it.authenticated || it.scopes !== undefined),
    scopes: all.flatMap((it) => (it.scopes === undefined ? [] : [it.scopes])),
    policies,
    policyDenial: { by: 'policies', policies: [...new Set(policies.flat(2))] },
    asksAllow: own.length > 0,
  };
}

class FieldGuard<Context> {
  readonly #options: GuardOptions<Context>;

  constructor(options: GuardOptions<Context>) {
    this.#options = options;
  }

  /** Puts the rule before a resolver. */
  wrap(rule: FieldRule, resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
    const { denied } = this.#options;
    return (source, args: Record<string, unknown>, context, info) => {
      const verdict = this.#decide(rule, { source, args, context, info });
      if (verdict === undefined) return resolve(source, args, context, info);
      if (!(verdict instanceof Promise)) throw denied(verdict);
      return verdict.then((denial) => {
        if (denial !== undefined) throw denied(denial);
        return resolve(source, args, context, info);
      });
    };
  }

  /** Asks the rules of the requested fields of an object that came out null. */
  wrapNullable(
    hidden: ReadonlyMap<string, FieldRule>,
    type: GraphQLObjectType,
    resolve: GraphQLFieldResolver<unknown, Context>,
  ): GraphQLFieldResolver<unknown, Context> {
    return async (source, args: Record<string, unknown>, context, info) => {
      const value: unknown = await resolve(source, args, context, info);
      if (value !== null && value !== undefined) return value;
      const verdicts = await Promise.all(
        [...requestedNames(info)].map((fieldName) => {
          const rule = hidden.get(fieldName);
          return (
            rule && this.#decide(rule, { source, args: {}, context, info: { ...info, fieldName, parentType: type } })
          );
        }),
      );
      const denial = mergeDenials(verdicts.filter((one) => one !== undefined));
      if (denial === undefined) return value;
      // Nothing of it will be resolved: each of its fields is denied again, at its own path.
      if (verdicts.every((one) => one !== undefined)) return source;
      throw this.#options.denied(denial);
    };
  }

  /** Cheap and certain rules first: a policy may read a database. */
  #decide(rule: FieldRule, input: PolicyInput<Context>): Verdict {
    const { scopesOf, policies, allow } = this.#options;
    const { source, context, info } = input;
    const scopes = scopesOf(context);
    if (rule.needsToken && scopes === undefined) return { by: 'token' };
    if (scopes !== undefined && !rule.scopes.every((anyOf) => isSatisfied(anyOf, scopes))) {
      return { by: 'scopes', scopes: nearestScopes(rule.scopes, scopes) };
    }
    if (rule.asksAllow && allow !== undefined) {
      const { parentType, fieldName } = info;
      if (allow({ source, parentType, fieldName, context }) !== true) return { by: 'allow' };
    }
    if (rule.policies.length === 0) return undefined;
    // Construction has proved that every policy is there; one removed since then denies.
    const ask = (name: string): Decision => policies[name]?.(input) ?? false;
    const decision = everyOf(rule.policies, (anyOf) => someOf(anyOf, (allOf) => everyOf(allOf, ask)));
    if (decision === true) return undefined;
    if (decision === false) return rule.policyDenial;
    return decision.then((isGranted) => (isGranted ? undefined : rule.policyDenial));
  }
}

/**
 * Enforces `@authenticated`, `@requiresScopes` and `@policy` in a schema, before each field's own resolver runs. It
 * changes the resolvers of the schema it is given and returns that schema: whatever else hangs on it, like the
 * reference resolvers of a subgraph, stays as it is. Fields without requirement are not touched.
 *
 * A field without a resolver gets graphql-js's default one; a `fieldResolver` given to `execute` is not asked for
 * guarded fields.
 *
 * @throws Error when the schema names a policy that is not in the options, or has a directive that cannot be read
 */
export function guardSchema<Context>(schema: GraphQLSchema, options: GuardOptions<Context>): GraphQLSchema {
  const requirements = new SchemaRequirements(schema);
  const guard = new FieldGuard(options);
  const rules = new Map<GraphQLField<unknown, Context>, FieldRule>();

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (type === schema.getQueryType() && FEDERATION_FIELDS.has(field.name)) continue;
      const { own, returned } = requirements.ofField(type, field);
      const rule = ruleOf(own, returned);
      if (rule === undefined) continue;
      const unknown = rule.policies.flat(2).find((name) => !Object.hasOwn(options.policies, name));
      if (unknown !== undefined) throw new Error(`${type.name}.${field.name} asks for the unknown policy "${unknown}"`);
      rules.set(field, rule);
    }
  }
  // Nothing is changed before all is read: a schema half guarded would look like a guarded one.
  for (const [field, rule] of rules) {
    const resolve = field.resolve ?? defaultFieldResolver;
    const type = getNullableType(field.type);
    const hidden = options.denyBehindNull && isObjectType(type) ? rulesOf(type, rules) : undefined;
    field.resolve = guard.wrap(
      rule,
      hidden?.size ? guard.wrapNullable(hidden, type as GraphQLObjectType, resolve) : resolve,
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

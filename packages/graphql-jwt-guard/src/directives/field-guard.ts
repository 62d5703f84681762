import { getArgumentValues, type GraphQLFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import { everyOf, someOf, type Decision } from './decision.ts';
import { mergeDenials, type Denial } from './denial.ts';
import type { GuardOptions, PolicyInput } from './guard-options.ts';
import { requestedFieldsOf } from './requested-fields.ts';
import { policyDenialOf, ruleOf, scopeDenialOf, type Rule } from './rule.ts';
import type { FieldRequirements } from './schema-requirements.ts';
import { SelectionTypes } from './selection-types.ts';

/** Undefined grants. Synchronous where possible, as a `Decision`. */
type Verdict = Denial | undefined | Promise<Denial | undefined>;

/**
 * What the guard checks before the resolver of a field. Its policies are those of the field: the policies of the returned
 * object are checked at that object's fields.
 */
export interface FieldRule extends Rule {
  /** False if only the returned object has a requirement: that object is not loaded yet. */
  readonly usesAllow: boolean;
}

export function fieldRuleOf({ onField, onReturnedType }: FieldRequirements): FieldRule | undefined {
  const requirements = [...onField, ...onReturnedType];
  if (requirements.length === 0) return undefined;
  return { ...ruleOf(requirements), policies: ruleOf(onField).policies, usesAllow: onField.length > 0 };
}

/** By the type on which a field is selected. */
export interface FieldRules {
  /** Of the field of the object. */
  readonly ofObject: FieldRule | undefined;
  /** Of the same field of an interface, by the interface's name; only those that differ. */
  readonly ofInterfaces: ReadonlyMap<string, FieldRule>;
}

/** Wraps resolvers with the rules of their fields. */
export class FieldGuard<Context> {
  readonly #options: GuardOptions<Context>;
  readonly #selectionTypes = new SelectionTypes();

  constructor(options: GuardOptions<Context>) {
    this.#options = options;
  }

  /** The new resolver checks the rules first. */
  wrap(rules: FieldRules, resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
    const { toError } = this.#options;
    return (source, args: Record<string, unknown>, context, info) => {
      const verdict = this.#firstDenial(this.#rulesFor(rules, info), { source, args, context, info });
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
        requestedFieldsOf(info).map((node) => {
          const fieldName = node.name.value;
          const rule = typeRules.get(fieldName);
          if (rule === undefined) return undefined;
          const fieldArgs = getArgumentValues(type.getFields()[fieldName]!, node, info.variableValues);
          const fieldInfo = { ...info, fieldName, parentType: type };
          return this.#denialOf(rule, { source, args: fieldArgs, context, info: fieldInfo });
        }),
      );
      const denial = mergeDenials(verdicts.filter((verdict) => verdict !== undefined));
      if (denial === undefined) return value;
      // The parent replaces the missing object. The guard denies each selected field at its own path and resolves none.
      if (verdicts.every((verdict) => verdict !== undefined)) return source;
      throw this.#options.toError(denial);
    };
  }

  /** A field that is selected under one key on several types must meet the rules of all. */
  #rulesFor({ ofObject, ofInterfaces }: FieldRules, info: GraphQLResolveInfo): readonly FieldRule[] {
    if (ofInterfaces.size === 0) return ofObject ? [ofObject] : [];
    const rules = info.fieldNodes.map(
      (node) => ofInterfaces.get(this.#selectionTypes.typeOf(node, info).name) ?? ofObject,
    );
    return [...new Set(rules)].filter((rule) => rule !== undefined);
  }

  #firstDenial(rules: readonly FieldRule[], input: PolicyInput<Context>): Verdict {
    const [rule, ...others] = rules;
    if (rule === undefined) return undefined;
    const verdict = this.#denialOf(rule, input);
    if (verdict instanceof Promise) return verdict.then((denial) => denial ?? this.#firstDenial(others, input));
    return verdict ?? (others.length > 0 ? this.#firstDenial(others, input) : undefined);
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

import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { conditionValue, conditionVariables, type Variables } from '../directives/conditions.ts';
import type { Denial } from '../directives/denial.ts';
import { mergeRules, type Rule } from '../directives/rule.ts';
import type { StripOptions } from '../supergraph/assert-stripped.ts';
import { denialOf, type Caller } from './caller.ts';
import { filteredOperation, unchangedOperation, type GuardedOperation } from './guarded-operation.ts';
import { fragmentsOf, usedFragments, variablesOf, type Fragments } from './read-operation.ts';
import { rulesOfOperation } from './rules-of-operation.ts';
import { SupergraphRules } from './supergraph-rules.ts';

export interface OperationGuardOptions extends StripOptions {
  /**
   * `filter` runs what is left of an operation, `reject` runs nothing of an operation of which some part is denied, and
   * `dryRun` runs the whole operation and reports what it would deny. Default: `filter`.
   */
  readonly onDenied?: 'filter' | 'reject' | 'dryRun';
  /**
   * Takes out an object of which nothing is left but `__typename` when something in it is denied: otherwise a null tells
   * that there is no such object. Default: false.
   */
  readonly denyBehindNull?: boolean;
}

/** Results for one operation. There are as many as combinations of denials and conditions; the oldest go first. */
const RESULTS_MAX = 64;

/** What an operation's rules deny a caller. */
interface Denials {
  readonly byRule: ReadonlyMap<Rule, Denial>;
  /** Tells it from the denials of other callers. */
  readonly key: string;
}

function denialsOf(rules: readonly Rule[], caller: Caller): Denials {
  const each = rules.map((rule) => [rule, denialOf(rule, caller)] as const);
  return {
    byRule: new Map(each.filter((entry): entry is readonly [Rule, Denial] => entry[1] !== undefined)),
    key: JSON.stringify(each.map(([, denial]) => denial ?? 0)),
  };
}

interface KnownOperation {
  readonly unchanged: GuardedOperation;
  /** Every rule that some field of the operation has. */
  readonly rules: readonly Rule[];
  readonly fragments: Fragments;
  readonly conditionVariables: readonly string[];
  /** By scopes and policies that never change. */
  readonly denials: WeakMap<ReadonlySet<string>, WeakMap<ReadonlySet<string>, Denials>>;
  /** By what was denied and by the conditions. */
  readonly results: Map<string, GuardedOperation>;
}

/** Filters operations on one supergraph. A known operation costs the checks of its distinct rules. */
export class OperationGuard {
  readonly #rules: SupergraphRules;
  readonly #denyBehindNull: boolean;
  readonly #onDenied: 'filter' | 'reject' | 'dryRun';
  readonly #known = new WeakMap<OperationDefinitionNode, KnownOperation>();

  /** @throws Error for a supergraph that `stripAuthorization` cannot read completely */
  constructor(supergraphSdl: string, options: OperationGuardOptions = {}) {
    this.#denyBehindNull = options.denyBehindNull ?? false;
    this.#onDenied = options.onDenied ?? 'filter';
    this.#rules = new SupergraphRules(supergraphSdl, options);
  }

  /** For `@apollo/gateway`, which refuses the supergraph as it was composed. It protects nothing without this guard. */
  get strippedSdl(): string {
    return this.#rules.strippedSdl;
  }

  /**
   * @param document valid on the supergraph's API schema
   * @param operation one of the document's; results are remembered for as long as this object lives
   * @param variables as the client sent them: `@skip` and `@include` depend on them
   */
  guard(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
    caller: Caller,
  ): GuardedOperation {
    const knownOperation = this.#know(document, operation);
    const { byRule, key: denialsKey } = this.#denialsOf(knownOperation, caller);
    if (byRule.size === 0) return knownOperation.unchanged;
    const hasConditions = knownOperation.conditionVariables.length > 0;
    const values = hasConditions ? variablesOf(operation, variables) : {};
    const conditions = knownOperation.conditionVariables.map((name) => conditionValue(values[name]));
    const key = hasConditions ? denialsKey + JSON.stringify(conditions) : denialsKey;
    let result = knownOperation.results.get(key);
    if (!result) {
      const input = {
        rules: this.#rules,
        fragments: knownOperation.fragments,
        variables: values,
        denyBehindNull: this.#denyBehindNull,
        denialOf: (rule: Rule) => byRule.get(rule),
      };
      result = this.#apply(filteredOperation(input, document, operation, key), knownOperation.unchanged);
      if (knownOperation.results.size >= RESULTS_MAX)
        knownOperation.results.delete(knownOperation.results.keys().next().value ?? '');
      knownOperation.results.set(key, result);
    }
    return result;
  }

  /**
   * What a caller needs so that nothing of an operation is denied, whatever the variables.
   *
   * @param document valid on the supergraph's API schema
   * @param operation one of the document's
   */
  requirementsOf(document: DocumentNode, operation: OperationDefinitionNode): Rule {
    return mergeRules(this.#know(document, operation).rules);
  }

  #denialsOf({ rules, denials }: KnownOperation, caller: Caller): Denials {
    if (!caller.hasFixedRights || !caller.isAuthenticated) return denialsOf(rules, caller);
    let byPolicies = denials.get(caller.scopes);
    if (!byPolicies) denials.set(caller.scopes, (byPolicies = new WeakMap()));
    let remembered = byPolicies.get(caller.policies);
    if (!remembered) byPolicies.set(caller.policies, (remembered = denialsOf(rules, caller)));
    return remembered;
  }

  #know(document: DocumentNode, operation: OperationDefinitionNode): KnownOperation {
    let knownOperation = this.#known.get(operation);
    if (!knownOperation) this.#known.set(operation, (knownOperation = this.#learn(document, operation)));
    return knownOperation;
  }

  #apply(filtered: GuardedOperation, unchanged: GuardedOperation): GuardedOperation {
    const { isChanged, key, deniedParts } = filtered;
    if (this.#onDenied === 'filter' || deniedParts.length === 0) return filtered;
    if (this.#onDenied === 'dryRun') return { ...unchanged, isChanged, key, deniedParts };
    return { ...filtered, document: null, operation: null, isDenied: () => true, complete: () => null };
  }

  #learn(document: DocumentNode, operation: OperationDefinitionNode): KnownOperation {
    const fragments = fragmentsOf(document);
    const definitions = [operation, ...usedFragments(operation, fragments)];
    return {
      unchanged: unchangedOperation(document, operation),
      rules: rulesOfOperation(this.#rules, definitions),
      fragments,
      conditionVariables: conditionVariables(definitions),
      denials: new WeakMap(),
      results: new Map(),
    };
  }
}

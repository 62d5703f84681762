import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { publicGraphQLError } from './public-graphql-error.ts';
import { repeatedFieldsRule } from './repeated-fields.ts';

export interface DocumentLimits {
  readonly tokens: number;
  /** Levels of selections; introspection fields do not count. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** Selections after every fragment is expanded where it is spread: the input of the planner. */
  readonly expandedSelections: number;
}

export const documentLimitsDefault: DocumentLimits = {
  tokens: 1_000,
  depth: 10,
  aliases: 15,
  directives: 20,
  rootFields: 5,
  expandedSelections: 2_000,
};

/**
 * Limits for a subgraph, whose documents the router writes. The router expands fragments, adds `__typename` and asks for
 * entities, so these limits allow what it makes of the largest document within `documentLimitsDefault`.
 */
export const fetchLimits: DocumentLimits = {
  tokens: 20_000,
  depth: 14,
  aliases: 20, // those of the client, and one for the CPF of each root field if the client uses that name as an alias
  directives: 100,
  rootFields: 5,
  expandedSelections: 5_000,
};

/** Options of Apollo Server that refuse a document over its limits with LIMITE_EXCEDIDO, before planning or fetching. */
export function documentLimitOptions(
  limits: DocumentLimits = documentLimitsDefault,
): Required<
  Pick<
    ApolloServerOptions<BaseContext>,
    'parseOptions' | 'validationRules' | 'validationOptions' | 'maxRecursiveSelections'
  >
> {
  return {
    parseOptions: { maxTokens: limits.tokens },
    maxRecursiveSelections: limits.expandedSelections,
    validationRules: [
      repeatedFieldsRule,
      ...armorRules(limits),
      rootFieldsRule(limits.rootFields),
      operationTypeRule,
      namesRule,
    ],
    validationOptions: { maxErrors: 5 },
  };
}

/**
 * The rules of GraphQL Armor for depth, aliases and directives. They report errors instead of throwing, because a rule that
 * throws becomes HTTP 500. Its token rule is off, because it turns every syntax error into HTTP 500. Its cost rule is off,
 * because it does not know `@listSize`.
 */
function armorRules({ depth, aliases, directives }: DocumentLimits): ValidationRule[] {
  const limitRule = (n: number, detail: string) => ({
    n,
    exposeLimits: false, // we report our own message
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context && reportLimit(context, detail)],
  });
  const disabled = { enabled: false };
  return new ApolloArmor({
    maxDepth: { ignoreIntrospection: true, ...limitRule(depth, `The document has at most ${depth} levels.`) },
    maxAliases: limitRule(aliases, `The document has at most ${aliases} aliases.`),
    maxDirectives: limitRule(directives, `The document has at most ${directives} directives.`),
    maxTokens: disabled,
    costLimit: disabled,
    blockFieldSuggestion: disabled,
  }).protect().validationRules;
}

const reportLimit = (context: ValidationContext, detail: string): void =>
  context.reportError(publicGraphQLError('LIMITE_EXCEDIDO', { detail }));

/** Characters of a name: of an operation, a fragment, a variable or an alias. */
const NAME_MAX = 64;

/** Refuses an operation type that the schema does not have. graphql-js would let it pass and fail to execute it. */
function operationTypeRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(new GraphQLError(`The schema has no ${node.operation}.`, { nodes: node }));
    },
  };
}

/** Refuses long names, and aliases that begin like the names that GraphQL reserves. */
function namesRule(context: ValidationContext): ASTVisitor {
  return {
    Name({ value }) {
      if (value.length > NAME_MAX) reportLimit(context, `A name has at most ${NAME_MAX} characters.`);
    },
    Field({ alias }) {
      if (alias?.value.startsWith('__')) {
        context.reportError(
          publicGraphQLError('GRAPHQL_VALIDATION_FAILED', {
            detail: 'An alias does not begin with `__`.',
            nodes: alias,
          }),
        );
      }
    },
  };
}

/** Limits the root fields, because each is a read of its own. A fragment's fields count wherever it is spread. */
function rootFieldsRule(max: number): ValidationRule {
  return (context): ASTVisitor => {
    const fieldsOfFragment = new Map<string, number>();

    function countFields({ selections }: SelectionSetNode): number {
      return selections.reduce((count, selection) => {
        if (selection.kind === Kind.FIELD) return count + 1;
        if (selection.kind === Kind.INLINE_FRAGMENT) return count + countFields(selection.selectionSet);
        return count + countFragment(selection.name.value);
      }, 0);
    }

    // Cached, because nested fragments could double the work at each level. Another rule refuses fragments that spread
    // themselves; the cached 0 only keeps this function from recursing forever.
    function countFragment(name: string): number {
      const cachedCount = fieldsOfFragment.get(name);
      if (cachedCount !== undefined) return cachedCount;
      fieldsOfFragment.set(name, 0);
      const fragment = context.getFragment(name);
      const count = fragment ? countFields(fragment.selectionSet) : 0;
      fieldsOfFragment.set(name, count);
      return count;
    }

    return {
      OperationDefinition({ selectionSet }) {
        if (countFields(selectionSet) > max)
          reportLimit(context, `An operation has at most ${max} fields at its root.`);
      },
    };
  };
}

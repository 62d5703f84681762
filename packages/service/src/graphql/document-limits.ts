import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { type ASTVisitor, Kind, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';
import { operationTypeRule } from './operation-type-rule.ts';
import { publicGraphQLError } from './public-graphql-error.ts';

export interface DocumentLimits {
  readonly tokens: number;
  /** Levels of selections; the standard introspection query is let through. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** Selections once every fragment is written out where it is spread: what the planner works on. */
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
 * For a subgraph, whose documents the router writes: it opens fragments where they are spread, adds `__typename`, and asks
 * for entities. They admit what it makes of the largest document that `documentLimitsDefault` lets through.
 */
export const fetchLimits: DocumentLimits = {
  tokens: 20_000,
  depth: 14,
  aliases: 20, // the client's, and one for the CPF of each root field whose alias takes that name
  directives: 100,
  rootFields: 5,
  expandedSelections: 5_000,
};

/** The part of Apollo Server's options that bounds a document before anything is planned or fetched: LIMITE_EXCEDIDO. */
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
    validationRules: [...armorRules(limits), rootFieldsRule(limits.rootFields), operationTypeRule, namesRule],
    validationOptions: { maxErrors: 5 },
  };
}

/**
 * Depth, aliases and directives. Each rule reports instead of throwing: a rule that throws becomes HTTP 500. Not its
 * tokens, which turn every syntax error into HTTP 500, nor its cost, which does not know `@listSize`.
 */
function armorRules({ depth, aliases, directives }: DocumentLimits): ValidationRule[] {
  const bound = (n: number, detail: string) => ({
    n,
    exposeLimits: false, // theirs quote the count
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context && reportLimit(context, detail)],
  });
  const off = { enabled: false };
  return new ApolloArmor({
    maxDepth: { ignoreIntrospection: true, ...bound(depth, `The document has at most ${depth} levels.`) },
    maxAliases: bound(aliases, `The document has at most ${aliases} aliases.`),
    maxDirectives: bound(directives, `The document has at most ${directives} directives.`),
    maxTokens: off,
    costLimit: off,
    blockFieldSuggestion: off,
  }).protect().validationRules;
}

const reportLimit = (context: ValidationContext, detail: string): void =>
  context.reportError(publicGraphQLError('LIMITE_EXCEDIDO', { detail }));

/** Characters of an operation's, fragment's or variable's name and of an alias. */
const NAME_MAX = 64;

/** No name that a client makes up is long, and none is like those that GraphQL keeps for itself. */
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

/** Every root field is a read of its own; those inside fragments count where they are spread. */
function rootFieldsRule(most: number): ValidationRule {
  return (context): ASTVisitor => {
    const fieldsOfFragment = new Map<string, number>();

    function countFields({ selections }: SelectionSetNode): number {
      return selections.reduce((count, selection) => {
        if (selection.kind === Kind.FIELD) return count + 1;
        if (selection.kind === Kind.INLINE_FRAGMENT) return count + countFields(selection.selectionSet);
        return count + countFragment(selection.name.value);
      }, 0);
    }

    // Counted once a fragment: nested ones double at each level. One that spreads itself is another rule's business.
    function countFragment(name: string): number {
      const known = fieldsOfFragment.get(name);
      if (known !== undefined) return known;
      fieldsOfFragment.set(name, 0);
      const fragment = context.getFragment(name);
      const count = fragment ? countFields(fragment.selectionSet) : 0;
      fieldsOfFragment.set(name, count);
      return count;
    }

    return {
      OperationDefinition({ selectionSet }) {
        if (countFields(selectionSet) > most)
          reportLimit(context, `An operation has at most ${most} fields at its root.`);
      },
    };
  };
}

import { documentLimitOptions, documentLimitsDefault } from '@pessoa/service/graphql/document-limits';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { expandedSelections } from './expanded-selections.ts';
import type { PersistedOperation } from './operation-manifest.ts';

export interface CheckedOperation {
  /** Undefined when the body is not GraphQL. */
  readonly document: DocumentNode | undefined;
  /** One sentence each. Empty when the operation can run. */
  readonly faults: readonly string[];
}

const { parseOptions, validationRules, validationOptions } = documentLimitOptions();

/**
 * Checks a persisted operation as the router checks a document of a client: syntax, schema and the limits of documents. Its
 * document has one operation, with the name and the type of the manifest.
 *
 * @param schema the API schema
 */
export function checkOperation(
  { name, type, body }: PersistedOperation,
  schema: GraphQLSchema,
  { introspection = true }: { introspection?: boolean } = {},
): CheckedOperation {
  let document: DocumentNode;
  try {
    document = parse(body, parseOptions);
  } catch (error) {
    return { document: undefined, faults: [sentenceOf(error as GraphQLError)] };
  }
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (!operation || operations.length > 1) return { document, faults: ['`body` does not have exactly one operation'] };
  if (operation.name?.value !== name)
    return { document, faults: ['`name` is not the name of the operation in `body`'] };
  if (operation.operation !== type) return { document, faults: ['`type` is not the type of the operation in `body`'] };
  if (expandedSelections(document, operation) > documentLimitsDefault.expandedSelections) {
    return { document, faults: ['the document has too many fields once its fragments are written out'] };
  }
  const rules = [...specifiedRules, ...validationRules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  return { document, faults: validate(schema, document, rules, validationOptions).map(sentenceOf) };
}

/** The message of graphql-js with the line of the body. */
export const sentenceOf = ({ message, locations }: GraphQLError): string =>
  locations?.[0] ? `line ${locations[0].line}: ${message}` : message;

import type { ApolloServerPlugin } from '@apollo/server';
import type { Fonte, PublicErrorCode } from '@pessoa/domain/errors';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { RequestContext } from '../http/request-context.ts';
import type { Logger } from '../logging/logger.ts';
import { redactPath } from './redaction.ts';

export interface RowFaultsOptions {
  readonly fonte: Fonte;
  /** Types whose values are as the base has them. A bad value of any other type is our own bug. */
  readonly rowTypes: ReadonlySet<string>;
  readonly logger: Logger;
}

/**
 * A value that the base should not hold (unknown enum value, bad CNPJ, NULL for a non-null field, bad number) is the
 * base's fault: FONTE_INVALIDA with its `fonte`, not INTERNAL_SERVER_ERROR. The log names the column's field and what is
 * wrong with it, never the value. An error that a resolver throws is left as it is.
 */
export function rowFaultsPlugin<Context extends RequestContext>(
  options: RowFaultsOptions,
): ApolloServerPlugin<Context> {
  const { fonte, rowTypes, logger } = options;
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, document, schema, contextValue }) {
          for (const error of document ? errors : []) {
            const fault = valueFault(error);
            const field = fault && fieldOf(error, document!, schema);
            if (!field || !rowTypes.has(field.type)) continue;
            const code: PublicErrorCode = 'FONTE_INVALIDA';
            Object.assign(error.extensions, { code, fonte }); // formatError reads them
            logger.warn({
              interacao: contextValue.interactionId,
              caminho: redactPath(error.path ?? []),
              codigo: code,
              fonte,
              campo: `${field.type}.${field.name}`,
              falha: fault,
            });
          }
        },
      };
    },
  };
}

// How graphql-js and our scalars word a value that they cannot write; it follows the words given here, if at all.
const FAULTS: readonly [RegExp, string][] = [
  [/^Cannot return null for non-nullable field \w+\.\w+\.$/, 'null'],
  [/^Enum "\w+" cannot represent /, 'not a value of the enum'],
  [/^(?:Int|Float|String|Boolean|ID) cannot represent /, 'not of the type'],
  [/^a value of \w+ cannot be written$/, 'not a value of the scalar'],
];

function valueFault({ message, path }: GraphQLError): string | undefined {
  return path && FAULTS.find(([words]) => words.test(message))?.[1];
}

/** The schema's field that an error of execution is about, whatever its alias or fragment. */
function fieldOf(
  { nodes }: GraphQLError,
  document: DocumentNode,
  schema: GraphQLSchema,
): { type: string; name: string } | undefined {
  const node = nodes?.[0];
  if (node?.kind !== Kind.FIELD) return undefined;
  const typeInfo = new TypeInfo(schema);
  let type: string | undefined;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(visited) {
        const parent = typeInfo.getParentType();
        if (visited === node && isObjectType(parent)) type = parent.name;
      },
    }),
  );
  return type === undefined ? undefined : { type, name: node.name.value };
}

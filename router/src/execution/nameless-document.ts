import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { definitionsUsedBy } from '@pessoa/service/graphql/selection';
import { type DocumentNode, Kind, type OperationDefinitionNode, type StringValueNode, visit } from 'graphql';

const documentByOperation = new WeakMap<OperationDefinitionNode, DocumentNode>();

/**
 * Prepares one operation of a document for the query planner. The result has no operation name: the planner writes that
 * name into each fetch, so each name would make other fetches. It has no fragments that only other operations use. CPFs
 * are in canonical form.
 */
export function toNamelessDocument(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  let namelessDocument = documentByOperation.get(operation);
  if (!namelessDocument) {
    const definitions = definitionsUsedBy(document, operation).map((definition) => {
      const { name, ...namelessOperation } = definition as OperationDefinitionNode;
      const isNamedOperation = definition.kind === Kind.OPERATION_DEFINITION && name;
      return visit(isNamedOperation ? namelessOperation : definition, { Argument: { enter: toCanonicalArgument } });
    });
    documentByOperation.set(operation, (namelessDocument = { kind: Kind.DOCUMENT, definitions }));
  }
  return namelessDocument;
}

const PERSON_ARGUMENTS: ReadonlySet<string> = new Set(['cpf', 'cpfs']);

function toCanonicalArgument<Node extends { readonly name: { readonly value: string } }>(node: Node): Node | undefined {
  if (!PERSON_ARGUMENTS.has(node.name.value)) return undefined;
  return visit(node as never, {
    StringValue(string: StringValueNode): StringValueNode | undefined {
      const cpf: Cpf | undefined = readCpf(string.value);
      return cpf === undefined ? undefined : { ...string, value: cpf };
    },
  }) as Node;
}

import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { definitionsUsedBy } from '@pessoa/service/graphql/selection';
import { type DocumentNode, Kind, type OperationDefinitionNode, type StringValueNode, visit } from 'graphql';

const known = new WeakMap<OperationDefinitionNode, DocumentNode>();

/**
 * One operation of a document, as it is planned: without the client's name for it, which would make another fetch of each
 * of its names, without what only other operations use, and with CPFs in their canonical form.
 */
export function toNamelessDocument(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  let nameless = known.get(operation);
  if (!nameless) {
    const definitions = definitionsUsedBy(document, operation).map((definition) => {
      const { name, ...rest } = definition as OperationDefinitionNode;
      const own = definition.kind === Kind.OPERATION_DEFINITION && name ? rest : definition;
      return visit(own, { Argument: { enter: canonicalArgument } });
    });
    known.set(operation, (nameless = { kind: Kind.DOCUMENT, definitions }));
  }
  return nameless;
}

const PERSON_ARGUMENTS: ReadonlySet<string> = new Set(['cpf', 'cpfs']);

function canonicalArgument<Node extends { readonly name: { readonly value: string } }>(node: Node): Node | undefined {
  if (!PERSON_ARGUMENTS.has(node.name.value)) return undefined;
  return visit(node as never, {
    StringValue(text: StringValueNode): StringValueNode | undefined {
      const cpf: Cpf | undefined = readCpf(text.value);
      return cpf === undefined ? undefined : { ...text, value: cpf };
    },
  }) as Node;
}

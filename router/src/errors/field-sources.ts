import type { Fonte } from '@pessoa/domain/errors';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

export const fonteOfSubgraph = { debt: 'divida', score: 'score', event: 'evento' } as const satisfies Record<
  string,
  Fonte
>;

export type SubgraphName = keyof typeof fonteOfSubgraph;

const isSubgraphName = (name: string): name is SubgraphName => Object.hasOwn(fonteOfSubgraph, name);

/** @returns by `Type.field` (and by `Type` where a type is of one subgraph), the source that answers it; nothing where several may */
export function readFieldSources(supergraphSdl: string): ReadonlyMap<string, Fonte> {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const graphs = new Map<string, Fonte>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives } of definition.values ?? []) {
      const [subgraph = ''] = argumentsNamed(directives, 'join__graph', 'name');
      if (isSubgraphName(subgraph)) graphs.set(name.value, fonteOfSubgraph[subgraph]);
    }
  }

  const sources = new Map<string, Fonte>();
  const note = (place: string, owners: readonly string[]): void => {
    const fonte = owners.length === 1 ? graphs.get(owners[0] ?? '') : undefined;
    if (fonte) sources.set(place, fonte);
  };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    note(definition.name.value, argumentsNamed(definition.directives, 'join__type', 'graph'));
    for (const field of definition.fields ?? []) {
      note(`${definition.name.value}.${field.name.value}`, argumentsNamed(field.directives, 'join__field', 'graph'));
    }
  }
  return sources;
}

function argumentsNamed(directives: readonly ConstDirectiveNode[] = [], directive: string, argument: string): string[] {
  return directives
    .filter(({ name }) => name.value === directive)
    .flatMap((one) => one.arguments ?? [])
    .flatMap(({ name, value }) => (name.value === argument && 'value' in value ? [String(value.value)] : []));
}

/** The source of what stands at a path of the answer: the owner of the first field on the way that has only one. */
export function fonteAtPath(
  path: readonly (string | number)[],
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  sources: ReadonlyMap<string, Fonte>,
): Fonte | undefined {
  let type: GraphQLNamedType | undefined | null = schema.getRootType(operation.operation);
  let selectionSets: readonly SelectionSetNode[] = [operation.selectionSet];
  for (const key of path) {
    if (typeof key === 'number') continue;
    const nodes: FieldNode[] = selectionSets
      .flatMap((one) => fieldsOf(document, one))
      .filter((node) => keyOf(node) === key);
    const name = nodes[0]?.name.value;
    if (name === undefined || !isObjectType(type)) return undefined;
    const fonte = sources.get(`${type.name}.${name}`) ?? sources.get(type.name);
    if (fonte) return fonte;
    type = fieldType(type, name);
    selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return undefined;
}

const fieldType = (type: GraphQLObjectType, name: string): GraphQLNamedType | undefined =>
  getNamedType(type.getFields()[name]?.type);

const keyOf = (node: FieldNode): string => (node.alias ?? node.name).value;

function fieldsOf(document: DocumentNode, { selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(document, selection.selectionSet);
    return document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value
        ? fieldsOf(document, one.selectionSet)
        : [],
    );
  });
}

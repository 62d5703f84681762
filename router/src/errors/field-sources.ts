import { type Fonte, isService, services } from '@pessoa/domain/services';
import { fieldsAtPath } from '@pessoa/service/graphql/fields-at-path';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';

/**
 * Reads which source answers a field.
 *
 * @returns sources by `Type.field`, and by `Type` for a type of one subgraph. Fields of several subgraphs are absent.
 */
export function readFieldSources(supergraphSdl: string): ReadonlyMap<string, Fonte> {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const sourceByGraph = new Map<string, Fonte>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives } of definition.values ?? []) {
      const [subgraph = ''] = argumentsNamed(directives, 'join__graph', 'name');
      if (isService(subgraph)) sourceByGraph.set(name.value, services[subgraph]);
    }
  }

  const sources = new Map<string, Fonte>();
  const setSource = (coordinate: string, graphs: readonly string[]): void => {
    const fonte = graphs.length === 1 ? sourceByGraph.get(graphs[0] ?? '') : undefined;
    if (fonte) sources.set(coordinate, fonte);
  };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    setSource(definition.name.value, argumentsNamed(definition.directives, 'join__type', 'graph'));
    for (const field of definition.fields ?? []) {
      setSource(
        `${definition.name.value}.${field.name.value}`,
        argumentsNamed(field.directives, 'join__field', 'graph'),
      );
    }
  }
  return sources;
}

function argumentsNamed(directives: readonly ConstDirectiveNode[] = [], directive: string, argument: string): string[] {
  return directives
    .filter(({ name }) => name.value === directive)
    .flatMap((applied) => applied.arguments ?? [])
    .flatMap(({ name, value }) => (name.value === argument && 'value' in value ? [String(value.value)] : []));
}

/** Finds the source of a value in an answer: the source of the first field on its path that has only one. */
export function fonteAtPath(
  path: readonly (string | number)[],
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  sources: ReadonlyMap<string, Fonte>,
): Fonte | undefined {
  for (const { type, name } of fieldsAtPath(path, document, operation, schema)) {
    const fonte = sources.get(`${type}.${name}`) ?? sources.get(type);
    if (fonte) return fonte;
  }
  return undefined;
}

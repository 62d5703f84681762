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

/** @returns by `Type.field` (and by `Type` where a type is of one subgraph), the source that answers it; nothing where several may */
export function readFieldSources(supergraphSdl: string): ReadonlyMap<string, Fonte> {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const graphs = new Map<string, Fonte>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives } of definition.values ?? []) {
      const [subgraph = ''] = argumentsNamed(directives, 'join__graph', 'name');
      if (isService(subgraph)) graphs.set(name.value, services[subgraph]);
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
  for (const { type, name } of fieldsAtPath(path, document, operation, schema)) {
    const fonte = sources.get(`${type}.${name}`) ?? sources.get(type);
    if (fonte) return fonte;
  }
  return undefined;
}

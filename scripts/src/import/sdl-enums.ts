import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';

const files = ['debt', 'score', 'event'];

const enums = new Map<string, ReadonlySet<string>>();
for (const file of files) {
  const document = parse(readFileSync(new URL(`../../../schema/${file}.graphql`, import.meta.url), 'utf8'));
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue;
    enums.set(definition.name.value, new Set(definition.values?.map(({ name }) => name.value)));
  }
}

/** The values of an enum of the graph, from the SDL: what a base holds must be what the graph can say. */
export function sdlEnum(name: string): ReadonlySet<string> {
  const values = enums.get(name);
  if (!values) throw new Error(`the schema has no enum ${name}`);
  return values;
}

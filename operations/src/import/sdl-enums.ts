import { readFileSync } from 'node:fs';
import { serviceNames } from '@pessoa/domain/services';
import { Kind, parse } from 'graphql';

const enums = new Map<string, ReadonlySet<string>>();
for (const service of serviceNames) {
  const document = parse(readFileSync(new URL(`../../../schema/${service}.graphql`, import.meta.url), 'utf8'));
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue;
    enums.set(definition.name.value, new Set(definition.values?.map(({ name }) => name.value)));
  }
}

/** The values of an enum in the SDL. @throws Error if the SDL has no enum of this name */
export function sdlEnum(name: string): ReadonlySet<string> {
  const values = enums.get(name);
  if (!values) throw new Error(`the schema has no enum ${name}`);
  return values;
}

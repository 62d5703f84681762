import { isJsonObject, type JsonObject, setOwn } from './json-object.ts';
import { type RootPeople, type PersonReference, peopleOfRoot } from './root-people.ts';
import {
  type FetchShape,
  type FieldShape,
  isFieldRequested,
  type ObjectShape,
  type ValueShape,
} from './fetch-shape.ts';
import type { Path } from './subgraph-error.ts';

/** Thrown for an answer of which nothing can be used. */
export class UnusableAnswerError extends Error {}

export interface AnswerData {
  readonly data: JsonObject;
  /** Where a key is absent, or the answer had a null or a value that the schema does not allow; it is null in `data`, as far up as it must be. */
  readonly invalidPaths: readonly Path[];
}

const INVALID_MAX = 100;

/**
 * Checks an answer's data against what was asked: roots are objects (lists of the length asked), people are those asked
 * for, every key is there, types, nulls and leaves are as the schema allows.
 *
 * @param cpfKeys by root: the key under which each person has their CPF, whether or not the client asked for it
 * @throws UnusableAnswerError when the gateway, merging the answer, could lose or overwrite what other sources gave
 */
export function readAnswerData(
  shape: FetchShape,
  variables: Readonly<JsonObject>,
  data: unknown,
  cpfKeys: ReadonlyMap<string, string>,
): AnswerData {
  if (!isJsonObject(data)) throw new UnusableAnswerError('no data');
  const reader = new AnswerDataReader(variables, cpfKeys);
  const read: JsonObject = {};
  for (const root of shape.roots) {
    if (!isFieldRequested(root, undefined, variables)) continue;
    setOwn(read, root.key, reader.readRoot(root, Object.hasOwn(data, root.key) ? data[root.key] : undefined));
  }
  return { data: read, invalidPaths: reader.invalid };
}

/** Thrown out of, it is of no further use: where it stood is not taken back. */
class AnswerDataReader {
  readonly invalid: Path[] = [];
  readonly #variables: Readonly<JsonObject>;
  readonly #cpfKeys: ReadonlyMap<string, string>;
  readonly #path: (string | number)[] = [];

  constructor(variables: Readonly<JsonObject>, cpfKeys: ReadonlyMap<string, string>) {
    this.#variables = variables;
    this.#cpfKeys = cpfKeys;
  }

  readRoot(root: FieldShape, value: unknown): unknown {
    if (value === undefined) throw new UnusableAnswerError('a root is absent');
    const asked = peopleOfRoot(root, this.#variables);
    this.#path.push(root.key);
    const read = asked ? this.#readPeople(asked, value, this.#cpfKeys.get(root.key)) : this.#read(root.value, value);
    this.#path.pop();
    return read;
  }

  #readPeople(asked: RootPeople, value: unknown, cpfKey: string | undefined): unknown {
    const { people, isList, shape: object } = asked;
    if (!isList) return this.#readPerson(object, people[0] as PersonReference, value, cpfKey);
    if (!Array.isArray(value) || value.length !== people.length)
      throw new UnusableAnswerError('not a list of the length asked');
    return people.map((person, index) => {
      this.#path.push(index);
      const read = this.#readPerson(object, person, value[index], cpfKey);
      this.#path.pop();
      return read;
    });
  }

  /** Only what was asked for is kept: another key would be merged over what another source says of this person. */
  #readPerson(
    shape: ObjectShape,
    { cpf, typeName }: PersonReference,
    value: unknown,
    cpfKey: string | undefined,
  ): JsonObject {
    if (!isJsonObject(value)) throw new UnusableAnswerError('a person is not an object');
    if (cpfKey !== undefined && value[cpfKey] !== cpf)
      throw new UnusableAnswerError('another person than the one asked for');
    const person: JsonObject = {};
    for (const field of shape.fields) {
      if (!isFieldRequested(field, typeName, this.#variables)) continue;
      const read = this.#readField(field, value);
      if (field.name === '__typename' && typeName !== '' && read !== typeName)
        throw new UnusableAnswerError('a person of another type');
      if (read === null && field.value.isNonNull) throw new UnusableAnswerError('a person without a required field');
      setOwn(person, field.key, read);
    }
    return person;
  }

  #readField({ key, value: shape }: FieldShape, parent: JsonObject): unknown {
    const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
    this.#path.push(key);
    const read = value === undefined ? this.#refuse() : this.#read(shape, value);
    this.#path.pop();
    return read;
  }

  #read(shape: ValueShape, value: unknown): unknown {
    if (value === null) return shape.isNonNull ? this.#refuse() : null;
    if (shape.kind === 'leaf') return shape.isLeaf(value) ? value : this.#refuse();
    if (shape.kind === 'list') return this.#readList(shape.item, value);
    return isJsonObject(value) ? this.#readObject(shape.object, value) : this.#refuse();
  }

  #readList(item: ValueShape, value: unknown): unknown {
    if (!Array.isArray(value)) return this.#refuse();
    let isWhole = true;
    for (let index = 0; index < value.length; index++) {
      this.#path.push(index);
      value[index] = this.#read(item, value[index]);
      this.#path.pop();
      if (value[index] === null && item.isNonNull) isWhole = false;
    }
    return isWhole ? value : null;
  }

  #readObject({ fields, typeName }: ObjectShape, value: JsonObject): unknown {
    if (typeName !== undefined && value['__typename'] !== undefined && value['__typename'] !== typeName)
      return this.#refuse();
    let isWhole = true;
    for (const field of fields) {
      if (!isFieldRequested(field, typeName ?? value['__typename'], this.#variables)) continue;
      const read = this.#readField(field, value);
      if (field.name === '__typename' && typeName !== undefined && read !== null && read !== typeName)
        return this.#refuse();
      setOwn(value, field.key, read);
      if (read === null && field.value.isNonNull) isWhole = false;
    }
    return isWhole ? value : null;
  }

  #refuse(): null {
    if (this.invalid.length === INVALID_MAX) throw new UnusableAnswerError('too many invalid values');
    this.invalid.push([...this.#path]);
    return null;
  }
}

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

/** The answer is useless as a whole. */
export class UnusableAnswerError extends Error {}

/** The data of a subgraph's answer, after the check. */
export interface AnswerData {
  readonly data: JsonObject;
  /**
   * Places of absent keys, and of nulls and values that the schema does not allow. `data` has null there, or at the
   * nearest parent that may be null.
   */
  readonly invalidPaths: readonly Path[];
}

/** An answer with more invalid places is useless as a whole. */
const INVALID_MAX = 100;

/**
 * Checks the data of an answer against its fetch. Each root is an object, or a list with one entry for each requested
 * person. Each person is the requested one. Every requested key is present. Types, nulls and leaves fit the schema.
 *
 * @param cpfKeys by root key: the key of each person's CPF, which the router always requests
 * @throws UnusableAnswerError if the gateway could lose or overwrite data of other sources when it merges the answer
 */
export function readAnswerData(
  shape: FetchShape,
  variables: Readonly<JsonObject>,
  data: unknown,
  cpfKeys: ReadonlyMap<string, string>,
): AnswerData {
  if (!isJsonObject(data)) throw new UnusableAnswerError('the answer has no data');
  const reader = new AnswerDataReader(variables, cpfKeys);
  const checkedData: JsonObject = {};
  for (const root of shape.roots) {
    if (!isFieldRequested(root, undefined, variables)) continue;
    setOwn(checkedData, root.key, reader.readRoot(root, Object.hasOwn(data, root.key) ? data[root.key] : undefined));
  }
  return { data: checkedData, invalidPaths: reader.invalidPaths };
}

/** Reads one answer. After an error its path is wrong, so a reader that threw is not used again. */
class AnswerDataReader {
  readonly invalidPaths: Path[] = [];
  readonly #variables: Readonly<JsonObject>;
  readonly #cpfKeys: ReadonlyMap<string, string>;
  readonly #path: (string | number)[] = [];

  constructor(variables: Readonly<JsonObject>, cpfKeys: ReadonlyMap<string, string>) {
    this.#variables = variables;
    this.#cpfKeys = cpfKeys;
  }

  readRoot(root: FieldShape, value: unknown): unknown {
    if (value === undefined) throw new UnusableAnswerError('a root is absent');
    const rootPeople = peopleOfRoot(root, this.#variables);
    this.#path.push(root.key);
    const checkedValue = rootPeople
      ? this.#readPeople(rootPeople, value, this.#cpfKeys.get(root.key))
      : this.#readValue(root.value, value);
    this.#path.pop();
    return checkedValue;
  }

  #readPeople(rootPeople: RootPeople, value: unknown, cpfKey: string | undefined): unknown {
    const { people, isList, shape: personShape } = rootPeople;
    if (!isList) return this.#readPerson(personShape, people[0] as PersonReference, value, cpfKey);
    if (!Array.isArray(value) || value.length !== people.length)
      throw new UnusableAnswerError('not a list with one entry for each requested person');
    return people.map((person, index) => {
      this.#path.push(index);
      const checkedPerson = this.#readPerson(personShape, person, value[index], cpfKey);
      this.#path.pop();
      return checkedPerson;
    });
  }

  /** Copies requested keys only. The gateway would merge any other key over the data of another source. */
  #readPerson(
    shape: ObjectShape,
    { cpf, typeName }: PersonReference,
    value: unknown,
    cpfKey: string | undefined,
  ): JsonObject {
    if (!isJsonObject(value)) throw new UnusableAnswerError('a person is not an object');
    if (cpfKey !== undefined && value[cpfKey] !== cpf)
      throw new UnusableAnswerError('the answer is about another person');
    const person: JsonObject = {};
    for (const field of shape.fields) {
      if (!isFieldRequested(field, typeName, this.#variables)) continue;
      const checkedValue = this.#readField(field, value);
      // A client may request the CPF under several keys.
      if (field.name === 'cpf' && cpfKey !== undefined && checkedValue !== cpf)
        throw new UnusableAnswerError('the answer is about another person');
      if (field.name === '__typename' && typeName !== '' && checkedValue !== typeName)
        throw new UnusableAnswerError('a person has another type');
      if (checkedValue === null && field.value.isNonNull)
        throw new UnusableAnswerError('a person lacks a required field');
      setOwn(person, field.key, checkedValue);
    }
    return person;
  }

  #readField({ key, value: shape }: FieldShape, parent: JsonObject): unknown {
    const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (shape.kind === 'leaf' && value !== null && value !== undefined && shape.isValid(value)) return value;
    this.#path.push(key);
    const checkedValue = value === undefined ? this.#reportInvalid() : this.#readValue(shape, value);
    this.#path.pop();
    return checkedValue;
  }

  #readValue(shape: ValueShape, value: unknown): unknown {
    if (value === null) return shape.isNonNull ? this.#reportInvalid() : null;
    if (shape.kind === 'leaf') return shape.isValid(value) ? value : this.#reportInvalid();
    if (shape.kind === 'list') return this.#readList(shape.item, value);
    return isJsonObject(value) ? this.#readObject(shape.object, value) : this.#reportInvalid();
  }

  #readList(item: ValueShape, value: unknown): unknown {
    if (!Array.isArray(value)) return this.#reportInvalid();
    let isComplete = true;
    for (let index = 0; index < value.length; index++) {
      this.#path.push(index);
      value[index] = this.#readValue(item, value[index]);
      this.#path.pop();
      if (value[index] === null && item.isNonNull) isComplete = false;
    }
    return isComplete ? value : null;
  }

  #readObject({ fields, typeName }: ObjectShape, value: JsonObject): unknown {
    if (typeName !== undefined && value['__typename'] !== undefined && value['__typename'] !== typeName)
      return this.#reportInvalid();
    let isComplete = true;
    for (const field of fields) {
      if (!isFieldRequested(field, typeName ?? value['__typename'], this.#variables)) continue;
      if (field.name === '__typename' && typeName !== undefined) {
        if (value[field.key] !== typeName) return this.#reportInvalid();
        continue;
      }
      const checkedValue = this.#readField(field, value);
      if (checkedValue !== value[field.key]) setOwn(value, field.key, checkedValue);
      if (checkedValue === null && field.value.isNonNull) isComplete = false;
    }
    return isComplete ? value : null;
  }

  #reportInvalid(): null {
    if (this.invalidPaths.length === INVALID_MAX) throw new UnusableAnswerError('too many invalid values');
    this.invalidPaths.push([...this.#path]);
    return null;
  }
}

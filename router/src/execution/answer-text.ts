import { type GraphQLType, getNamedType, isEnumType } from 'graphql';
import { CheckedText } from './checked-text.ts';
import type { FetchShape, FieldShape, ObjectShape, ValueShape } from './fetch-shape.ts';
import type { JsonObject } from './json-object.ts';
import { objectShapeOf, type PersonReference, peopleOfRoot } from './root-people.ts';

/**
 * The text of every answer to a fetch in which nothing is missing, as `JSON.stringify` writes it, without escapes. It is a regular language, so
 * regular expressions check it. Each place in a text can go on in one way only, so the time that they take grows with the text and no faster.
 */
export interface AnswerForm {
  readonly roots: readonly RootForm[];
  /** The characters of all patterns. */
  readonly patternLength: number;
}

/** The engine compiles a longer pattern for more than 15 ms, while nobody else is answered. */
const PATTERN_MAX = 5_000;

interface RootForm {
  readonly root: FieldShape;
  /** The text before its value. */
  readonly lead: string;
  readonly person: PersonForm;
}

interface PersonForm {
  readonly typeName: string;
  /** Matches a person, from its `lastIndex` on. A group for each of the values, in their order. */
  readonly pattern: RegExp;
  readonly values: readonly PersonValue[];
}

/** `typeName`: a value that the pattern has, without a group. `isAdded`: the CPF that the client did not ask for. */
type PersonValue =
  | { readonly key: string; readonly kind: 'typeName' }
  | { readonly key: string; readonly kind: 'cpf'; readonly isAdded: boolean }
  | { readonly key: string; readonly kind: 'other'; readonly shape: ValueShape };

/**
 * @param cpfKeys by root key: the key of each person's CPF, which the router always requests
 * @returns undefined for a fetch whose answers have no such form: with conditions, abstract types, roots that do not name people, a key that
 *   every JavaScript object inherits or that means something else, or so much that a pattern is too long
 */
export function answerFormOf({ roots }: FetchShape, cpfKeys: ReadonlyMap<string, string>): AnswerForm | undefined {
  const forms: RootForm[] = [];
  for (const root of roots) {
    const shape = objectShapeOf(root.value);
    const cpfKey = cpfKeys.get(root.key);
    const person = isUnconditional(root) && shape && cpfKey !== undefined ? personFormOf(shape, cpfKey) : undefined;
    if (!person || root.name === '_entities') return undefined;
    forms.push({ root, person, lead: `${forms.length === 0 ? '{"data":{' : ','}${JSON.stringify(root.key)}:` });
  }
  const patternLength = forms.reduce((sum, { person }) => sum + person.pattern.source.length, 0);
  return forms.length === 0 ? undefined : { roots: forms, patternLength };
}

const isUnconditional = ({ when, key }: FieldShape): boolean => when === undefined && !(key in Object.prototype);

function personFormOf({ typeName, fields }: ObjectShape, cpfKey: string): PersonForm | undefined {
  if (typeName === undefined) return undefined;
  const members: string[] = [];
  const values: PersonValue[] = [];
  for (const field of fields) {
    const { key, name, value: shape } = field;
    const fieldPattern = patternOfField(field, typeName);
    if (fieldPattern === undefined) return undefined;
    const pattern = name === 'cpf' ? CPF : fieldPattern;
    members.push(`${member(key)}${name === '__typename' ? pattern : `(${pattern})`}`);
    if (name === '__typename') values.push({ key, kind: 'typeName' });
    else if (name === 'cpf') values.push({ key, kind: 'cpf', isAdded: false });
    else values.push({ key, kind: 'other', shape });
  }
  if (!values.some(({ key }) => key === cpfKey)) {
    members.push(`${member(cpfKey)}(${CPF})`);
    values.push({ key: cpfKey, kind: 'cpf', isAdded: true });
  }
  const source = String.raw`\{${members.join(',')}\}`;
  return source.length > PATTERN_MAX ? undefined : { typeName, values, pattern: new RegExp(source, 'y') };
}

// Patterns of JSON values. Names of GraphQL have no character that means something in a pattern.

const CPF = String.raw`"\d{11}"`;
const STRING = String.raw`"[^"\\\u0000-\u001f]*"`;
/** Up to nine digits. The parser reads longer ones. */
const INTEGER = String.raw`(?:0|-?[1-9]\d{0,8})`;
/** With up to six decimals, which `JSON.stringify` writes as they are. */
const NUMBER = String.raw`(?:${INTEGER}|-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9])`;

const scalarPatterns: Readonly<Record<string, string>> = {
  Int: INTEGER,
  Float: NUMBER,
  Boolean: '(?:true|false)',
  ID: `(?:${STRING}|${INTEGER})`,
};

const member = (key: string): string => `"${key}":`;

function patternOfField(field: FieldShape, typeName: string): string | undefined {
  if (!isUnconditional(field) || (field.onType ?? typeName) !== typeName) return undefined;
  if (field.key === '__typename' && field.name !== '__typename') return undefined; // an alias that the specification forbids
  return field.name === '__typename' ? `"${typeName}"` : patternOf(field.value);
}

function patternOf(shape: ValueShape): string | undefined {
  const pattern = patternOfPresent(shape);
  return pattern === undefined || shape.isNonNull ? pattern : `(?:null|${pattern})`;
}

function patternOfPresent(shape: ValueShape): string | undefined {
  if (shape.kind === 'leaf') return shape.type && leafPattern(shape.type);
  if (shape.kind === 'object') return objectPattern(shape.object);
  const item = patternOf(shape.item);
  return item && String.raw`\[(?:${item}(?:,${item})*)?\]`;
}

function objectPattern({ typeName, fields }: ObjectShape): string | undefined {
  if (typeName === undefined) return undefined;
  const members: string[] = [];
  for (const field of fields) {
    const pattern = patternOfField(field, typeName);
    if (pattern === undefined) return undefined;
    members.push(member(field.key) + pattern);
  }
  return String.raw`\{${members.join(',')}\}`;
}

/** As the checks of leaves in `fetch-shape.ts`: custom scalars of this graph are all strings. */
function leafPattern(type: GraphQLType): string {
  if (isEnumType(type))
    return `"(?:${type
      .getValues()
      .map(({ name }) => name)
      .join('|')})"`;
  return scalarPatterns[getNamedType(type).name] ?? STRING;
}

/**
 * Checks the text of an answer as `readAnswerData` checks its data, without parsing it: a large list costs a fraction. What a client asked of a
 * person stays text.
 *
 * @param text decoded from UTF-8: it has no lone surrogate, which `JSON.stringify` would escape
 * @returns undefined for what `readAnswerData` must read: whatever lacks something, has an error or an escape in it, or is not as `JSON.stringify`
 *   writes it
 */
export function readAnswerText(
  { roots }: AnswerForm,
  variables: Readonly<JsonObject>,
  text: string,
): JsonObject | undefined {
  const reader = new PeopleReader(text);
  const data: JsonObject = {};
  for (const { root, lead, person } of roots) {
    const rootPeople = peopleOfRoot(root, variables);
    if (!rootPeople || !reader.skip(lead)) return undefined;
    const { people, isList } = rootPeople;
    const value = isList ? reader.readList(person, people) : reader.readPerson(person, people[0]!);
    if (value === undefined) return undefined;
    data[root.key] = value;
  }
  return reader.skip('}}') && reader.isAtEnd() ? data : undefined;
}

/** Reads the people of one answer, in their order. After something that is not as it should be it is not used again. */
class PeopleReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skip(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  /** The end of the text, or of its line. */
  isAtEnd(): boolean {
    const rest = this.#text.length - this.#at;
    return rest === 0 || (rest === 1 && this.#text.endsWith('\n'));
  }

  readList(form: PersonForm, people: readonly PersonReference[]): JsonObject[] | undefined {
    if (people.length === 0) return this.skip('[]') ? [] : undefined;
    const list: JsonObject[] = [];
    for (const reference of people) {
      const person = this.skip(list.length === 0 ? '[' : ',') ? this.readPerson(form, reference) : undefined;
      if (!person) return undefined;
      list.push(person);
    }
    return this.skip(']') ? list : undefined;
  }

  readPerson(form: PersonForm, { cpf, typeName }: PersonReference): JsonObject | undefined {
    const groups = cpf !== null && typeName === form.typeName ? this.#match(form.pattern) : undefined;
    if (!groups) return undefined;
    const person: JsonObject = {};
    let group = 1;
    for (const value of form.values) {
      if (value.kind === 'typeName') {
        person[value.key] = typeName;
        continue;
      }
      const text = groups[group++]!;
      if (value.kind === 'other') person[value.key] = text === 'null' ? null : new CheckedText(text, value.shape);
      else if (text.slice(1, -1) !== cpf) return undefined;
      else if (!value.isAdded) person[value.key] = cpf;
    }
    return person;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = executed(pattern, this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }
}

/** @returns undefined also for what is too much for the engine: a text whose lists are so long that it has no room for its places, or a pattern that it refuses */
function executed(pattern: RegExp, text: string): RegExpExecArray | undefined {
  try {
    return pattern.exec(text) ?? undefined;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { readFileSync } from 'node:fs';
import { jsonOf } from '@pessoa/service/graphql/json-text';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { answerFormOf, readAnswerText } from '../../src/execution/answer-text.ts';
import { readFetchShape, type FetchShape, type ObjectShape, type ValueShape } from '../../src/execution/fetch-shape.ts';
import { identifyFetch } from '../../src/execution/identified-fetch.ts';
import { readAnswer } from '../../src/execution/subgraph-answer.ts';
import { ANA, BIA } from '../graph/people.ts';
import { randomDocuments } from '../graph/random-documents.ts';

const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));

/** What the two readers make of a text. */
function readersOf(query: string) {
  const shape = readFetchShape(query, schema);
  const { cpfKeys } = identifyFetch(query, shape);
  const form = answerFormOf(shape, cpfKeys);
  return {
    shape,
    cpfKeys,
    readText: (text: string) => form && readAnswerText(form, {}, text),
    parse: (text: string) => readAnswer(shape, {}, { status: 200, text }, 'score', cpfKeys),
  };
}

const many = (selection: string): string => Array.from({ length: 60 }, (_, at) => `a${at}: ${selection}`).join(' ');

/** Their text has escapes. */
const ESCAPED = ['a"b', 'a\\b', 'a\nb', '\u0000'];
const LEAVES = ['PESSOAL', 'açúcar e €', '', '😀', 'PIX', 'AA', 0, -7, 31, 1.5, 2 ** 40, true, false];

/** Answers to a fetch whose values are chosen by the numbers. */
class AnswerWriter {
  readonly #numbers: () => number;

  constructor(numbers: () => number) {
    this.#numbers = numbers;
  }

  write(
    { roots }: FetchShape,
    cpfKeys: ReadonlyMap<string, string>,
    cpfsOf: (key: string) => readonly string[],
  ): string {
    const data: Record<string, unknown> = {};
    for (const { key, value } of roots) {
      const object = value.kind === 'list' ? (value.item as { object: ObjectShape }).object : (value as { object: ObjectShape }).object; // prettier-ignore
      const people = cpfsOf(key).map((cpf) => {
        const person = this.#object(object);
        for (const field of object.fields) if (field.name === 'cpf') person[field.key] = cpf;
        return { ...person, [cpfKeys.get(key)!]: cpf };
      });
      data[key] = value.kind === 'list' ? people : people[0];
    }
    return JSON.stringify({ data });
  }

  #object({ typeName, fields }: ObjectShape): Record<string, unknown> {
    return Object.fromEntries(
      fields.map(({ key, name, value }) => [key, name === '__typename' ? typeName : this.#value(value)]),
    );
  }

  #value(shape: ValueShape): unknown {
    if (this.#numbers() % 8 === 0 && (!shape.isNonNull || this.#numbers() % 40 === 0)) return null;
    if (shape.kind === 'object') return this.#object(shape.object);
    if (shape.kind === 'list') return Array.from({ length: this.#numbers() % 4 }, () => this.#value(shape.item));
    const valid = (this.#numbers() % 40 === 0 ? [...LEAVES, ...ESCAPED] : LEAVES).filter(shape.isValid);
    const leaves = this.#numbers() % 100 === 0 || valid.length === 0 ? LEAVES : valid;
    return leaves[this.#numbers() % leaves.length];
  }
}

const roots = fc.constantFrom([`pessoa(cpf: "${ANA}")`], [`pessoas(cpfs: ["${BIA}", "${ANA}"])`], [`p: pessoa(cpf: "${ANA}")`, `q: pessoas(cpfs: ["${ANA}", "${BIA}"])`]); // prettier-ignore
const cpfsOf = (key: string): readonly string[] => (key === 'pessoas' ? [BIA, ANA] : key === 'q' ? [ANA, BIA] : [ANA]);

/** Edits of a text: at a place, so many characters become others. */
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    removed: fc.nat(2),
    added: fc.constantFrom('', ' ', ',', '"', '}', ']', '{', '0', '-', 'null', 'true', '\\', '\u0000', '\n', 'e1', ':'),
  }),
  { maxLength: 2 },
);
const edited = (text: string, list: readonly { at: number; removed: number; added: string }[]): string =>
  list.reduce((result, { at, removed, added }) => {
    const from = at % result.length;
    return result.slice(0, from) + added + result.slice(from + removed);
  }, text);

describe('The text of an answer', () => {
  it('is read as the parsed answer is, or not at all', () => {
    let read = 0;
    let refusedAfterEdit = 0;
    fc.assert(
      fc.property(randomDocuments(roots), fc.infiniteStream(fc.nat()), edits, (query, stream, list) => {
        const { shape, cpfKeys, readText, parse } = readersOf(query);
        const written = new AnswerWriter(() => stream.next().value as number).write(shape, cpfKeys, cpfsOf);
        // An answer is decoded from UTF-8, which has no half of a pair: an edit may cut one.
        const text = edited(written, list).toWellFormed();
        const data = readText(text);
        if (!data) {
          if (list.length > 0) refusedAfterEdit++;
          return;
        }
        const parsed = parse(text);
        expect({ text, ...parsed }).toEqual({ text, data: JSON.parse(jsonOf(data)) });
        expect(jsonOf(data)).toBe(JSON.stringify(parsed.data));
        read++;
      }),
      generatedProperty(10_000),
    );
    expect(read).toBeGreaterThan(generatedCases(10_000) / 10);
    expect(refusedAfterEdit).toBeGreaterThan(generatedCases(10_000) / 10);
  });

  const QUERY = `{ pessoas(cpfs: ["${ANA}", "${BIA}"]) { score { valor faixa motivos { codigo } } } }`;
  const person = (cpf: string, score = '{"valor":700,"faixa":"BOM","motivos":[{"codigo":"A"},{"codigo":"B"}]}') =>
    `{"score":${score},"cpf":"${cpf}"}`;
  const answer = (...people: readonly string[]) => `{"data":{"pessoas":[${people.join(',')}]}}`;
  const { readText } = readersOf(QUERY);

  it.each([
    ['with everything', answer(person(ANA), person(BIA))],
    ['with the end of a line', `${answer(person(ANA), person(BIA))}\n`],
    ['with null where it may be', answer(person(ANA, 'null'), person(BIA))],
    ['with an empty list', answer(person(ANA, '{"valor":0,"faixa":"BOM","motivos":[]}'), person(BIA))],
  ])('%s is read', (_title, text) => {
    expect(jsonOf(readText(text))).toBe(JSON.stringify(JSON.parse(text).data).replaceAll(/,"cpf":"\d+"/g, ''));
  });

  it.each<[string, string]>([
    ['of another person', answer(person(BIA), person(ANA))],
    ['of one person', answer(person(ANA))],
    ['of three people', answer(person(ANA), person(BIA), person(BIA))],
    ['of null', answer(person(ANA), 'null')],
    ['without its CPF', answer(person(ANA), person(BIA)).replaceAll(/,"cpf":"\d+"/g, '')],
    ['with a longer CPF', answer(person(ANA), person(`${BIA}0`))],
    ['with spaces', answer(person(ANA), ` ${person(BIA)}`)],
    ['with errors', answer(person(ANA), person(BIA)).replace(/\}$/, ',"errors":[]}')],
    ['with extensions', answer(person(ANA), person(BIA)).replace(/\}$/, ',"extensions":{}}')],
    ['with more after it', `${answer(person(ANA), person(BIA))}{}`],
    ['that is cut', answer(person(ANA), person(BIA)).slice(0, -1)],
    ['that is empty', ''],
    ...(
      [
        ['a null that may not be', '{"valor":700,"faixa":null,"motivos":[]}'],
        ['another order', '{"faixa":"BOM","valor":700,"motivos":[]}'],
        ['a key twice', '{"valor":700,"valor":1,"faixa":"BOM","motivos":[]}'],
        ['a further key', '{"valor":700,"faixa":"BOM","motivos":[],"x":1}'],
        ['a key less', '{"valor":700,"faixa":"BOM"}'],
        ['another enum', '{"valor":700,"faixa":"OTIMO","motivos":[]}'],
        ['a text for a number', '{"valor":"700","faixa":"BOM","motivos":[]}'],
        ['a fraction', '{"valor":700.5,"faixa":"BOM","motivos":[]}'],
        ['an exponent', '{"valor":7e2,"faixa":"BOM","motivos":[]}'],
        ['a zero before', '{"valor":0700,"faixa":"BOM","motivos":[]}'],
        ['a negative zero', '{"valor":-0,"faixa":"BOM","motivos":[]}'],
        ['no number', '{"valor":NaN,"faixa":"BOM","motivos":[]}'],
        ['no end of numbers', '{"valor":Infinity,"faixa":"BOM","motivos":[]}'],
        ['nothing', '{"valor":,"faixa":"BOM","motivos":[]}'],
        ['an escape', String.raw`{"valor":700,"faixa":"BO\u004d","motivos":[]}`],
        ['a control character', '{"valor":700,"faixa":"BOM","motivos":[{"codigo":"\u0001"}]}'],
        ['a comma at the end', '{"valor":700,"faixa":"BOM","motivos":[{"codigo":"A"},]}'],
        ['no comma', '{"valor":700,"faixa":"BOM","motivos":[{"codigo":"A"}{"codigo":"B"}]}'],
        ['an object for a list', '{"valor":700,"faixa":"BOM","motivos":{"codigo":"A"}}'],
        ['a list for an object', '[]'],
      ] as const
    ).map(([title, score]) => [`with ${title}`, answer(person(ANA, score), person(BIA))] satisfies [string, string]),
  ])('%s is left to the parser', (_title, text) => {
    expect(readText(text)).toBeUndefined();
  });

  describe('that is long and wrong at its end', () => {
    const FACTORS = `{ pessoa(cpf: "${ANA}") { score { motivos { codigo descricao } fatores { codigo } } dividas(first: 9) { nodes { id credor { nome } } } } }`;
    const { readText: readFactors } = readersOf(FACTORS);
    const items = (count: number, item: string): string => Array.from({ length: count }, () => item).join(',');
    const begin = '{"data":{"pessoa":{"score":{"motivos":[';
    const texts: readonly [string, (length: number) => string][] = [
      ['a list without its end', (length) => begin + items(length / 50, '{"codigo":"AAAAAAAAA","descricao":"bbbbbbbbbbbb"}')],
      ['lists in a list', (length) => `${begin}],"fatores":[]},"dividas":{"nodes":[${items(length / 40, '{"id":"1","credor":{"nome":"Loja"}}')}`],
      ['a string without its end', (length) => `${begin}{"codigo":"${'a'.repeat(length)}`],
      ['empty strings', (length) => `${begin}{"codigo":${'"",'.repeat(length / 3)}`],
      ['brackets', (length) => begin + '['.repeat(length)],
      ['digits', (length) => begin + '1'.repeat(length)],
    ]; // prettier-ignore
    const millisOf = (text: string): number => {
      const startedAt = performance.now();
      expect(readFactors(text)).toBeUndefined();
      return performance.now() - startedAt;
    };

    it.each(texts)('takes linear time: %s', (_title, write) => {
      const [short, long] = [write(100_000), write(1_000_000)];
      const ratio = (): number => millisOf(long) / Math.max(millisOf(short), 1);
      expect(Math.min(ratio(), ratio(), ratio())).toBeLessThan(20);
    });

    it.each(texts)('is refused at the length of the longest answer too: %s', (_title, write) => {
      millisOf(write(10_000_000));
    });
  });

  it.each([
    ['conditions', `query ($c: Boolean!) { pessoa(cpf: "${ANA}") { nome @include(if: $c) } }`],
    ['conditions on a root', `query ($c: Boolean!) { pessoa(cpf: "${ANA}") @skip(if: $c) { nome } }`],
    ['conditions deep within', `query ($c: Boolean!) { pessoa(cpf: "${ANA}") { score { valor @skip(if: $c) } } }`],
    ['the name of an inherited property', `{ pessoa(cpf: "${ANA}") { constructor: nome } }`],
    ['a name that is no property of its own', `{ pessoa(cpf: "${ANA}") { __proto__: nome } }`],
    ['a root that names nobody', '{ __typename }'],
    ['conditions on the CPF', `query ($c: Boolean!) { pessoa(cpf: "${ANA}") { cpf @include(if: $c) nome } }`],
    ['a CPF under the name of an inherited property', `{ pessoa(cpf: "${ANA}") { __proto__: cpf } }`],
    ['another field under the name of the type', `{ pessoa(cpf: "${ANA}") { score { __typename: faixa } } }`],
    ['so much that its pattern is too long', `{ pessoa(cpf: "${ANA}") { ${many('score { valor faixa idade }')} } }`],
  ])('is not foreseen for a fetch with %s', (_title, query) => {
    const shape = readFetchShape(query, schema);
    expect(answerFormOf(shape, identifyFetch(query, shape).cpfKeys)).toBeUndefined();
  });
});

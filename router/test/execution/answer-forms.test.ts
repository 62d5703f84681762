import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { AnswerForms } from '../../src/execution/answer-forms.ts';
import type { AnswerForm } from '../../src/execution/answer-text.ts';
import { readFetchShape } from '../../src/execution/fetch-shape.ts';
import { identifyFetch } from '../../src/execution/identified-fetch.ts';
import { ANA } from '../graph/people.ts';

const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));

/** A fetch, as the data source of a subgraph prepares it. */
function preparedFetch(query: string) {
  const shape = readFetchShape(query, schema);
  const { cpfKeys } = identifyFetch(query, shape);
  return { query, shape, of: (forms: AnswerForms): AnswerForm | undefined => forms.of(query, shape, cpfKeys) };
}
const QUERY = `{ pessoa(cpf: "${ANA}") { score { valor } } }`;

describe('The forms of answers', () => {
  it('are made when so much was read without them that they are worth it', () => {
    const forms = new AnswerForms();
    const { of, shape, query } = preparedFetch(QUERY);
    const other = preparedFetch(QUERY);
    expect(of(forms)).toBeUndefined();
    forms.countRead(shape, query.length * 4_000 - 1);
    expect(of(forms)).toBeUndefined();
    forms.countRead(shape, 1);
    const form = of(forms);
    expect(form).toMatchObject({ roots: [{ lead: '{"data":{"pessoa":' }] });
    expect(of(forms)).toBe(form);
    expect(other.of(forms)).toBeUndefined(); // the same query in another schema
  });

  it('are held in so many bytes, of which an evicted one has to be worth its making again', () => {
    const texts = Array.from({ length: 40 }, (_, at) =>
      preparedFetch(`{ pessoa(cpf: "${ANA}") { dividas(after: "${at}${'x'.repeat(1_000)}") { nodes { id } } } }`),
    );
    const forms = new AnswerForms(1, 1_500_000);
    const read = (): void => {
      for (const { shape, query } of texts) forms.countRead(shape, query.length);
    };
    read();
    for (const { of } of texts) expect(of(forms)).toBeDefined();
    expect(forms.bytes).toBeGreaterThan(1_200_000);
    expect(forms.bytes).toBeLessThanOrEqual(1_500_000);
    expect(texts.at(-1)!.of(forms)).toBeDefined();
    expect(texts[0]!.of(forms)).toBeUndefined();
    read();
    expect(texts[0]!.of(forms)).toBeDefined();
  });

  it('hold nothing of a fetch whose answers have none, and try it once', () => {
    const forms = new AnswerForms(1);
    const { of, shape, query } = preparedFetch(`query ($c: Boolean!) { pessoa(cpf: "${ANA}") { nome @skip(if: $c) } }`);
    forms.countRead(shape, query.length);
    expect(of(forms)).toBeUndefined();
    forms.countRead(shape, 1_000_000);
    Object.defineProperty(shape, 'roots', {
      get: (): never => {
        throw new Error('it is tried again');
      },
    });
    expect(of(forms)).toBeUndefined();
    expect(forms.bytes).toBe(0);
  });
});

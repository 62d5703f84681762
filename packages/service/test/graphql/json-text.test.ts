import { hasText, jsonOf, JsonText, parsedValue } from '../../src/graphql/json-text.ts';

const score = new JsonText('{"valor":700,"motivos":[{"codigo":"A"}]}');

describe('A value that is left as its text', () => {
  it('is written as it is, among values that are not', () => {
    const data = { pessoas: [{ nome: 'Ana "A"', score, eventos: null, vazio: {}, nenhum: [] }, { score }] };
    const json =
      '{"pessoas":[{"nome":"Ana \\"A\\"","score":{"valor":700,"motivos":[{"codigo":"A"}]},"eventos":null,"vazio":{},"nenhum":[]},{"score":{"valor":700,"motivos":[{"codigo":"A"}]}}]}';
    expect(jsonOf(data)).toBe(json);
    expect(JSON.stringify(data)).toBe(json);
    expect(JSON.stringify(parsedValue(data))).toBe(json);
  });

  it('is parsed anew for each reader, and what it is in stays as it is', () => {
    const data = { pessoa: { score, nome: null, idade: 3 } };
    const parsed = parsedValue(data) as { pessoa: { score: { valor: number } } };
    parsed.pessoa.score.valor = 0;
    expect(parsedValue(data)).toEqual({
      pessoa: { score: { valor: 700, motivos: [{ codigo: 'A' }] }, nome: null, idade: 3 },
    });
    expect(data.pessoa.score).toBe(score);
  });

  it.each([
    [true, { pessoa: { nome: null, score } }],
    [true, { outra: null, pessoas: [{ score }, {}] }],
    [false, { pessoa: { nome: 'Ana', score: { valor: 1 } }, pessoas: [] }],
    [false, { pessoas: [null], pessoa: null }],
    [false, null],
    [false, undefined],
  ])('is noticed (%s) in %j', (has, data) => {
    expect(hasText(data)).toBe(has);
  });
});

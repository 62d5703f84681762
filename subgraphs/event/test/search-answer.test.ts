import { documentsOf, readSearchAnswer, totalOf } from '../src/movimentacoes/search-answer.ts';

const HASH = 'a'.repeat(43);
const posting = { cpfHash: HASH, id: 'm-1', dataHora: 1_764_000_000_000 };
const answer = (changes: Record<string, unknown> = {}, hits: unknown[] = [{ _source: posting }]) => ({
  timed_out: false,
  _shards: { total: 3, successful: 3, skipped: 0, failed: 0 },
  hits: { total: { value: hits.length, relation: 'eq' }, hits },
  ...changes,
});

describe('An answer of Elasticsearch, which calls a part of it a success too', () => {
  it('is read when it is whole', () => {
    const whole = readSearchAnswer(answer());
    expect(documentsOf(whole, HASH)).toEqual([posting]);
    expect(totalOf(whole)).toBe(1);
    expect(documentsOf(readSearchAnswer(answer({}, [])), HASH)).toEqual([]);
  });

  it.each([
    ['the time was over', { timed_out: true }],
    ['a shard stopped early', { terminated_early: true }],
  ])('is FONTE_LENTA where %s', (_, changes) => {
    expect(() => readSearchAnswer(answer(changes))).toThrow(expect.objectContaining({ code: 'FONTE_LENTA' }));
  });

  it.each([
    ['a shard failed', answer({ _shards: { total: 3, successful: 3, failed: 1 } })],
    ['a shard did not answer', answer({ _shards: { total: 3, successful: 2, failed: 0 } })],
    ['there are no shards', answer({ _shards: { total: 0, successful: 0, failed: 0 } })],
    ['one of several searches failed alone', { error: { type: 'search_phase_execution_exception' }, status: 503 }],
  ])('is FONTE_INDISPONIVEL where %s', (_, part) => {
    expect(() => readSearchAnswer(part)).toThrow(expect.objectContaining({ code: 'FONTE_INDISPONIVEL' }));
  });

  it.each([
    ['no object', 'ok'],
    ['without shards', answer({ _shards: undefined })],
    ['without hits', answer({ hits: {} })],
    ['with a total below nothing', answer({ hits: { total: { value: -1 }, hits: [] } })],
    ['with a document that is none of ours', answer({}, [{ _source: { id: 7 } }])],
  ])('is FONTE_INVALIDA %s', (_, nonsense) => {
    expect(() => readSearchAnswer(nonsense)).toThrow(expect.objectContaining({ code: 'FONTE_INVALIDA' }));
  });

  it.each([
    ['of somebody else', { ...posting, cpfHash: 'b'.repeat(43) }],
    ['with an id that the index cannot sort by', { ...posting, id: 'x'.repeat(40_000) }],
  ])('is FONTE_INVALIDA with a document %s', (_, document) => {
    const read = readSearchAnswer(answer({}, [{ _source: posting }, { _source: document }]));
    expect(() => documentsOf(read, HASH)).toThrow(expect.objectContaining({ code: 'FONTE_INVALIDA' }));
  });

  it('is FONTE_INVALIDA where a total was asked for and none came', () => {
    const read = readSearchAnswer(answer({ hits: { hits: [] } }));
    expect(() => totalOf(read)).toThrow(expect.objectContaining({ code: 'FONTE_INVALIDA' }));
  });
});

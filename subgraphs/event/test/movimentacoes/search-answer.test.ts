import { documentsOf, readSearchAnswer, totalOf } from '../../src/movimentacoes/search-answer.ts';

const HASH = 'a'.repeat(43);
const posting = { cpfHash: HASH, id: 'm-1', dataHora: 1_764_000_000_000 };
const answer = (changes: Record<string, unknown> = {}, hits: unknown[] = [{ _source: posting }]) => ({
  timed_out: false,
  _shards: { total: 3, successful: 3, skipped: 0, failed: 0 },
  hits: { total: { value: hits.length, relation: 'eq' }, hits },
  ...changes,
});

describe('A successful answer of Elasticsearch', () => {
  it('is read when it is complete', () => {
    const completeAnswer = readSearchAnswer(answer());
    expect(documentsOf(completeAnswer, HASH)).toEqual([posting]);
    expect(totalOf(completeAnswer)).toBe(1);
    expect(documentsOf(readSearchAnswer(answer({}, [])), HASH)).toEqual([]);
  });

  it.each([
    ['the time ran out', { timed_out: true }],
    ['a shard stopped early', { terminated_early: true }],
  ])('is FONTE_LENTA when %s', (_, changes) => {
    expect(() => readSearchAnswer(answer(changes))).toThrow(expect.objectContaining({ code: 'FONTE_LENTA' }));
  });

  it.each([
    ['a shard failed', answer({ _shards: { total: 3, successful: 3, failed: 1 } })],
    ['a shard did not answer', answer({ _shards: { total: 3, successful: 2, failed: 0 } })],
    ['there are no shards', answer({ _shards: { total: 0, successful: 0, failed: 0 } })],
    ['one of several searches failed alone', { error: { type: 'search_phase_execution_exception' }, status: 503 }],
  ])('is FONTE_INDISPONIVEL when %s', (_, incompleteAnswer) => {
    expect(() => readSearchAnswer(incompleteAnswer)).toThrow(expect.objectContaining({ code: 'FONTE_INDISPONIVEL' }));
  });

  it.each([
    ['that is no object', 'ok'],
    ['without shards', answer({ _shards: undefined })],
    ['without hits', answer({ hits: {} })],
    ['with a total below zero', answer({ hits: { total: { value: -1 }, hits: [] } })],
    ['with a document of another shape', answer({}, [{ _source: { id: 7 } }])],
  ])('is FONTE_INVALIDA %s', (_, unreadable) => {
    expect(() => readSearchAnswer(unreadable)).toThrow(expect.objectContaining({ code: 'FONTE_INVALIDA' }));
  });

  it.each([
    ['of another person', { ...posting, cpfHash: 'b'.repeat(43) }],
    ['with an id that the index cannot sort by', { ...posting, id: 'x'.repeat(40_000) }],
  ])('is FONTE_INVALIDA with a document %s', (_, document) => {
    const searchAnswer = readSearchAnswer(answer({}, [{ _source: posting }, { _source: document }]));
    expect(() => documentsOf(searchAnswer, HASH)).toThrow(expect.objectContaining({ code: 'FONTE_INVALIDA' }));
  });

  it('is FONTE_INVALIDA without the total that the search asked for', () => {
    const searchAnswer = readSearchAnswer(answer({ hits: { hits: [] } }));
    expect(() => totalOf(searchAnswer)).toThrow(expect.objectContaining({ code: 'FONTE_INVALIDA' }));
  });
});

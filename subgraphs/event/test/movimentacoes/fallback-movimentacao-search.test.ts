import { fixedClock } from '@pessoa/domain/data';
import { PublicError, type PublicErrorCode } from '@pessoa/domain/errors';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { fallbackMovimentacaoSearch } from '../../src/movimentacoes/fallback-movimentacao-search.ts';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';
import type { MovimentacaoQuery, MovimentacaoSearch } from '../../src/movimentacoes/movimentacao-search.ts';
import type { Movimentacao } from '../../src/movimentacoes/movimentacao.ts';
import { NOW } from '../event-under-test.ts';

const query: MovimentacaoQuery = {
  filter: completeMovimentacaoFilter(readMovimentacaoFilter({}), fixedClock(NOW)),
  after: undefined,
  limit: 2,
};

/** Gives every person one posting, whose id is `name`, and every count as `count`. */
const answering = (name: string, count: number): MovimentacaoSearch => ({
  find: async (cpfs) => cpfs.map(() => [{ id: name } as Movimentacao]),
  count: async (cpfs) => cpfs.map(() => count),
});
const failing = (error: Error): MovimentacaoSearch => ({
  find: () => Promise.reject(error),
  count: () => Promise.reject(error),
});

function searchOver({ index = answering('index', 1), baseC = answering('base_c', 2) } = {}) {
  const state = { isCurrent: true, incompletePeople: new Set<string>() };
  const { logger, lines } = testLog();
  const metrics = createMetrics('event');
  const search = fallbackMovimentacaoSearch({
    index,
    baseC,
    isCurrent: () => state.isCurrent,
    hasAllOf: (cpf) => !state.incompletePeople.has(cpf),
    metrics,
    logger,
  });
  return {
    state,
    search,
    lines: () => lines().map((line) => JSON.parse(line) as Record<string, unknown>),
    answerCounts: async () => {
      const exposition = await metrics.metrics();
      return Object.fromEntries(
        [...exposition.matchAll(/^pessoa_search_answers_total\{engine="(\w+)",reason="(\w+)".*\} (\d+)$/gm)].map(
          ([, engine, reason, count]) => [`${engine} ${reason}`, Number(count)],
        ),
      );
    },
  };
}

describe('A search of postings with an index', () => {
  const [ana, bia] = [newCpf(), newCpf()];
  const searchAndCount = async (search: MovimentacaoSearch, ...cpfs: (typeof ana)[]) => ({
    ids: (await search.find(cpfs, query)).map((list) => list.map(({ id }) => id)),
    counts: await search.count(cpfs, query.filter, 10),
  });
  const ofIndex = { ids: [['index'], ['index']], counts: [1, 1] };
  const ofBaseC = { ids: [['base_c'], ['base_c']], counts: [2, 2] };

  it('is answered by an index that is current and complete for these people', async () => {
    const { search, answerCounts } = searchOver();
    expect(await searchAndCount(search, ana, bia)).toEqual(ofIndex);
    expect(await answerCounts()).toEqual({ 'elasticsearch current': 2 });
  });

  it('is answered by Base C while the index is behind, and then by the index again', async () => {
    const { state, search, answerCounts } = searchOver();
    state.isCurrent = false;
    expect(await searchAndCount(search, ana, bia)).toEqual(ofBaseC);
    state.isCurrent = true;
    expect(await searchAndCount(search, ana, bia)).toEqual(ofIndex);
    expect(await answerCounts()).toEqual({ 'base_c stale': 2, 'elasticsearch current': 2 });
  });

  it('is answered by Base C for all its people when the index lacks a posting of one of them', async () => {
    const { state, search, answerCounts, lines } = searchOver();
    state.incompletePeople.add(bia);
    expect(await searchAndCount(search, ana, bia)).toEqual(ofBaseC);
    expect(await searchAndCount(search, ana, ana)).toEqual(ofIndex);
    expect(await answerCounts()).toEqual({ 'base_c unreadable': 2, 'elasticsearch current': 2 });
    expect(lines().map(({ reason }) => reason)).toEqual(['current']);
  });

  it.each<[PublicErrorCode, string]>([
    ['FONTE_LENTA', 'slow'],
    ['FONTE_INDISPONIVEL', 'unavailable'],
    ['FONTE_INVALIDA', 'invalid'],
  ])('is answered by Base C when the index fails with %s, and the metric says %s', async (code, reason) => {
    const { search, answerCounts } = searchOver({ index: failing(new PublicError(code, { fonte: 'evento' })) });
    expect(await searchAndCount(search, ana, bia)).toEqual(ofBaseC);
    expect(await answerCounts()).toEqual({ [`base_c ${reason}`]: 2 });
  });

  it.each([
    ['a bug of ours', new TypeError('x is not a function')],
    ['the client’s mistake', new PublicError('BAD_USER_INPUT')],
  ])('fails with %s, which an answer of Base C would hide', async (_, error) => {
    const { search, answerCounts } = searchOver({ index: failing(error) });
    await expect(search.find([ana], query)).rejects.toBe(error);
    await expect(search.count([ana], query.filter, 10)).rejects.toBe(error);
    expect(await answerCounts()).toEqual({});
  });

  it('fails with the error of Base C when Base C fails too', async () => {
    const failure = new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' });
    const { state, search } = searchOver({ baseC: failing(failure) });
    state.isCurrent = false;
    await expect(search.find([ana], query)).rejects.toBe(failure);
  });

  it('logs a line when the engine or the reason changes, not for each search', async () => {
    const { state, search, lines } = searchOver();
    await searchAndCount(search, ana);
    state.isCurrent = false;
    await searchAndCount(search, ana);
    await searchAndCount(search, ana);
    state.isCurrent = true;
    await searchAndCount(search, ana);
    expect(lines().map(({ engine, reason }) => `${String(engine)} ${String(reason)}`)).toEqual([
      'elasticsearch current',
      'base_c stale',
      'elasticsearch current',
    ]);
  });
});

import { fixedClock } from '@pessoa/domain/data';
import { PublicError, type PublicErrorCode } from '@pessoa/domain/errors';
import { createLogger } from '@pessoa/service/logging/logger';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { fallbackMovimentacaoSearch } from '../src/movimentacoes/fallback-movimentacao-search.ts';
import { askedMovimentacaoFilter, movimentacaoFilter } from '../src/movimentacoes/movimentacao-filter.ts';
import type { MovimentacaoQuery, MovimentacaoSearch } from '../src/movimentacoes/movimentacao-search.ts';
import type { Movimentacao } from '../src/movimentacoes/movimentacao.ts';
import { NOW } from './event-under-test.ts';

const query: MovimentacaoQuery = {
  filter: movimentacaoFilter(askedMovimentacaoFilter({}), fixedClock(NOW)),
  after: undefined,
  limit: 2,
};

/** Answers every person with a posting that says where it comes from, and every count with a number of its own. */
const answering = (name: string, count: number): MovimentacaoSearch => ({
  find: async (cpfs) => cpfs.map(() => [{ id: name } as Movimentacao]),
  count: async (cpfs) => cpfs.map(() => count),
});
const failing = (error: Error): MovimentacaoSearch => ({
  find: () => Promise.reject(error),
  count: () => Promise.reject(error),
});

function searchOver({ index = answering('index', 1), baseC = answering('base_c', 2) } = {}) {
  const state = { isCurrent: true, lacking: new Set<string>() };
  const lines: string[] = [];
  const metrics = createMetrics('event');
  const search = fallbackMovimentacaoSearch({
    index,
    baseC,
    isCurrent: () => state.isCurrent,
    hasAllOf: (cpf) => !state.lacking.has(cpf),
    metrics,
    logger: createLogger({ service: 'event', level: 'info', destination: { write: (line) => void lines.push(line) } }),
  });
  return {
    state,
    search,
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    counted: async () => {
      const text = await metrics.metrics();
      return Object.fromEntries(
        [...text.matchAll(/^pessoa_search_answers_total\{engine="(\w+)",reason="(\w+)".*\} (\d+)$/gm)].map(
          ([, engine, reason, count]) => [`${engine} ${reason}`, Number(count)],
        ),
      );
    },
  };
}

describe('A search of postings with an index before Base C', () => {
  const [ana, bia] = [newCpf(), newCpf()];
  const fromOf = async (search: MovimentacaoSearch, ...cpfs: (typeof ana)[]) => ({
    found: (await search.find(cpfs, query)).map((list) => list.map(({ id }) => id)),
    counts: await search.count(cpfs, query.filter, 10),
  });
  const byIndex = { found: [['index'], ['index']], counts: [1, 1] };
  const byBaseC = { found: [['base_c'], ['base_c']], counts: [2, 2] };

  it('is answered by an index that is current and has all of these people', async () => {
    const { search, counted } = searchOver();
    expect(await fromOf(search, ana, bia)).toEqual(byIndex);
    expect(await counted()).toEqual({ 'elasticsearch current': 2 });
  });

  it('is answered by Base C while the index is behind, and by the index again once it is not', async () => {
    const { state, search, counted } = searchOver();
    state.isCurrent = false;
    expect(await fromOf(search, ana, bia)).toEqual(byBaseC);
    state.isCurrent = true;
    expect(await fromOf(search, ana, bia)).toEqual(byIndex);
    expect(await counted()).toEqual({ 'base_c stale': 2, 'elasticsearch current': 2 });
  });

  it('is answered by Base C for all of a call of which the index lacks a posting of one', async () => {
    const { state, search, counted, lines } = searchOver();
    state.lacking.add(bia);
    expect(await fromOf(search, ana, bia)).toEqual(byBaseC);
    expect(await fromOf(search, ana, ana)).toEqual(byIndex);
    expect(await counted()).toEqual({ 'base_c unreadable': 2, 'elasticsearch current': 2 });
    expect(lines().map(({ reason }) => reason)).toEqual(['current']);
  });

  it.each<[PublicErrorCode, string]>([
    ['FONTE_LENTA', 'slow'],
    ['FONTE_INDISPONIVEL', 'unavailable'],
    ['FONTE_INVALIDA', 'invalid'],
  ])('is answered by Base C where the index ends in %s: %s', async (code, reason) => {
    const { search, counted } = searchOver({ index: failing(new PublicError(code, { fonte: 'evento' })) });
    expect(await fromOf(search, ana, bia)).toEqual(byBaseC);
    expect(await counted()).toEqual({ [`base_c ${reason}`]: 2 });
  });

  it.each([
    ['a bug of ours', new TypeError('x is not a function')],
    ['the client’s mistake', new PublicError('BAD_USER_INPUT')],
  ])('ends with %s, which Base C would hide', async (_, error) => {
    const { search, counted } = searchOver({ index: failing(error) });
    await expect(search.find([ana], query)).rejects.toBe(error);
    await expect(search.count([ana], query.filter, 10)).rejects.toBe(error);
    expect(await counted()).toEqual({});
  });

  it('ends with the error of Base C when that has none to give either', async () => {
    const lost = new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' });
    const { state, search } = searchOver({ baseC: failing(lost) });
    state.isCurrent = false;
    await expect(search.find([ana], query)).rejects.toBe(lost);
  });

  it('writes a line when the engine or the reason turns, not for each search', async () => {
    const { state, search, lines } = searchOver();
    await fromOf(search, ana);
    state.isCurrent = false;
    await fromOf(search, ana);
    await fromOf(search, ana);
    state.isCurrent = true;
    await fromOf(search, ana);
    expect(lines().map(({ engine, reason }) => `${String(engine)} ${String(reason)}`)).toEqual([
      'elasticsearch current',
      'base_c stale',
      'elasticsearch current',
    ]);
  });
});

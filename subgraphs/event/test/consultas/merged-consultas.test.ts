import { cpfFromBase } from '@pessoa/domain/cpf';
import type { ConsultaFilter } from '../../src/consultas/consulta-filter.ts';
import type { ConsultaRepository } from '../../src/consultas/consulta-repository.ts';
import type { Consulta, ConsultaStore } from '../../src/consultas/consulta.ts';
import { mergedConsultas } from '../../src/consultas/merged-consultas.ts';

const [ANA, BIA] = [cpfFromBase('340000001'), cpfFromBase('340000002')];
const filter = {} as ConsultaFilter;

/** A store with inquiries about everybody at these instants. */
const repository = (store: ConsultaStore, ...instants: (number | null)[]): ConsultaRepository => ({
  store,
  find: async (cpfs, { limit }) =>
    cpfs.map(() =>
      instants
        .slice(0, limit)
        .map((dataHoraMillis, index) => ({ store, id: `${store}-${index}`, dataHoraMillis }) as Consulta),
    ),
  count: async (cpfs, _filter, limit) => cpfs.map(() => Math.min(instants.length, limit)),
});

describe('The inquiries of two stores as one list', () => {
  const merged = mergedConsultas([repository('base-c', null, 30, 20, 10), repository('auditoria', 40, 30, 5)]);
  const idsOf = async (limit: number): Promise<string[][]> =>
    (await merged.find([ANA, BIA], { filter, after: undefined, limit })).map((list) => list.map(({ id }) => id));

  it('are newest first, those without an instant before all others, equal instants in the order of the stores', async () => {
    const ids = ['base-c-0', 'auditoria-0', 'base-c-1', 'auditoria-1', 'base-c-2', 'base-c-3', 'auditoria-2'];
    expect(await idsOf(10)).toEqual([ids, ids]);
  });

  it.each([1, 2, 3])('are at most %d a person when that is the limit, though each store has as many', async (limit) => {
    expect((await idsOf(limit)).map(({ length }) => length)).toEqual([limit, limit]);
  });

  it('are the sum of what each store counts up to the limit', async () => {
    expect(await merged.count([ANA, BIA], filter, 3)).toEqual([6, 6]);
  });

  it('fail when one of the stores fails', async () => {
    const failure = new Error('lost');
    const brokenRepository: ConsultaRepository = { ...repository('auditoria'), find: () => Promise.reject(failure) };
    const mergedWithBroken = mergedConsultas([repository('base-c', 1), brokenRepository]);
    await expect(mergedWithBroken.find([ANA], { filter, after: undefined, limit: 1 })).rejects.toBe(failure);
  });
});

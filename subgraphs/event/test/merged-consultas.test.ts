import { cpfFromBase } from '@pessoa/domain/cpf';
import type { ConsultaFilter } from '../src/consultas/consulta-filter.ts';
import type { ConsultaSource } from '../src/consultas/consulta-source.ts';
import type { Consulta, Origem } from '../src/consultas/consulta.ts';
import { mergedConsultas } from '../src/consultas/merged-consultas.ts';

const [ANA, BIA] = [cpfFromBase('340000001'), cpfFromBase('340000002')];
const filter = {} as ConsultaFilter;

/** Has the same reads of everybody, at these instants. */
const source = (origem: Origem, ...instants: (number | null)[]): ConsultaSource => ({
  origem,
  find: async (cpfs, { limit }) =>
    cpfs.map(() =>
      instants
        .slice(0, limit)
        .map((dataHoraMillis, n) => ({ origem, id: `${origem}-${n}`, dataHoraMillis }) as Consulta),
    ),
  count: async (cpfs, _filter, upTo) => cpfs.map(() => Math.min(instants.length, upTo)),
});

describe('The reads of two sources as one list', () => {
  const merged = mergedConsultas([source('base-c', null, 30, 20, 10), source('auditoria', 40, 30, 5)]);
  const idsOf = async (limit: number): Promise<string[][]> =>
    (await merged.find([ANA, BIA], { filter, after: undefined, limit })).map((list) => list.map(({ id }) => id));

  it('is newest first, one without an instant before all, equal instants in the order of the sources', async () => {
    const whole = ['base-c-0', 'auditoria-0', 'base-c-1', 'auditoria-1', 'base-c-2', 'base-c-3', 'auditoria-2'];
    expect(await idsOf(10)).toEqual([whole, whole]);
  });

  it.each([1, 2, 3])(
    'has %d records of each person when it is asked for as many, though each source has them',
    async (limit) => {
      expect((await idsOf(limit)).map(({ length }) => length)).toEqual([limit, limit]);
    },
  );

  it('counts each source up to the number asked', async () => {
    expect(await merged.count([ANA, BIA], filter, 3)).toEqual([6, 6]);
  });

  it('is lost whole with one of its sources', async () => {
    const lost = new Error('lost');
    const broken: ConsultaSource = { ...source('auditoria'), find: () => Promise.reject(lost) };
    const half = mergedConsultas([source('base-c', 1), broken]);
    await expect(half.find([ANA], { filter, after: undefined, limit: 1 })).rejects.toBe(lost);
  });
});

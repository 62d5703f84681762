import { randomUUID } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Finalidade } from '@pessoa/domain/finalidade';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { type ConsultaFilter, readConsultaFilter } from '../../src/consultas/consulta-filter.ts';
import type { ConsultaKey, ConsultaRepository } from '../../src/consultas/consulta-repository.ts';
import type { Consulta } from '../../src/consultas/consulta.ts';

/** An inquiry as every store can hold it. What is absent is as in `ADDED`. */
export interface AddedConsulta {
  readonly id?: string;
  readonly dataHora?: string;
  readonly consulente?: string;
  readonly produto?: string;
  readonly finalidade?: Finalidade;
  readonly peloTitular?: boolean;
}

/** An inquiry by a third party on the morning of 20 November 2026. */
const ADDED = {
  dataHora: '2026-11-20T12:00:00.000Z',
  consulente: 'banco-ficticio',
  produto: 'Divida',
  finalidade: 'COBRANCA',
  peloTitular: false,
} as const;

export interface ConsultasUnderTest {
  readonly repository: ConsultaRepository;
  /** The same adapter over a server that nobody can reach. */
  readonly unreachable: ConsultaRepository;
  /** Adds inquiries about a person; the repository finds them when the promise resolves. */
  add(cpf: Cpf, ...consultas: Required<AddedConsulta>[]): Promise<void>;
  close(): Promise<void>;
}

const EVERYTHING = readConsultaFilter(null);
const keyOf = ({ dataHoraMillis, id }: Consulta): ConsultaKey => ({ dataHoraMillis, id });
const idsOf = (consultas: readonly { readonly id: string }[]): string[] => consultas.map(({ id }) => id);
/** Ids in ascending order: every store sorts UUIDs alike. */
const newIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID()).toSorted();

/** Reads a person's list page by page, to its end. */
export async function readPages(
  repository: ConsultaRepository,
  cpf: Cpf,
  { limit, filter = EVERYTHING }: { limit: number; filter?: ConsultaFilter },
): Promise<Consulta[]> {
  const consultas: Consulta[] = [];
  for (let after: ConsultaKey | undefined; ;) {
    const [page] = await repository.find([cpf], { filter, after, limit });
    expect(page!.length).toBeLessThanOrEqual(limit);
    consultas.push(...page!);
    if (page!.length < limit) return consultas;
    after = keyOf(page!.at(-1)!);
  }
}

/** The promises of the port, as a suite for each of its adapters. */
export function consultaRepositoryContract(storeName: string, open: () => Promise<ConsultasUnderTest>): void {
  describe(`ConsultaRepository on ${storeName}`, () => {
    let stores: ConsultasUnderTest;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(() => stores.close());

    /** @returns the ids of the inquiries, in the order in which they were given */
    async function add(cpf: Cpf, ...consultas: readonly AddedConsulta[]): Promise<string[]> {
      const added = consultas.map((consulta) => ({ ...ADDED, id: randomUUID(), ...consulta }));
      await stores.add(cpf, ...added);
      return idsOf(added);
    }

    /** The ids that a filter finds. The count must say the same. */
    async function idsFound(cpf: Cpf, conditions: Partial<ConsultaFilter>): Promise<string[]> {
      const filter = { ...EVERYTHING, ...conditions };
      const [consultas] = await stores.repository.find([cpf], { filter, after: undefined, limit: 100 });
      expect(await stores.repository.count([cpf], filter, 100)).toEqual([consultas!.length]);
      return idsOf(consultas!);
    }

    it('gives one list and one number per CPF, in the order of the CPFs, and none of another person', async () => {
      const [ana, bia, stranger] = [newCpf(), newCpf(), newCpf()];
      const [anaId] = await add(ana, {});
      const biaIds = newIds(2);
      await add(bia, ...biaIds.map((id) => ({ id })));
      const cpfs = [bia, stranger, ana];
      const lists = await stores.repository.find(cpfs, { filter: EVERYTHING, after: undefined, limit: 9 });
      expect(lists.map(idsOf)).toEqual([biaIds.toReversed(), [], [anaId]]);
      expect(await stores.repository.count(cpfs, EVERYTHING, 9)).toEqual([2, 0, 1]);
    });

    it('gives no list and no number without a CPF', async () => {
      expect(await stores.repository.find([], { filter: EVERYTHING, after: undefined, limit: 9 })).toEqual([]);
      expect(await stores.repository.count([], EVERYTHING, 9)).toEqual([]);
    });

    it('gives the fields of an inquiry, its instant to the millisecond', async () => {
      const cpf = newCpf();
      const [id] = await add(cpf, {
        dataHora: '2026-11-19T23:59:59.987Z',
        consulente: 'cliente-de-teste',
        produto: 'Score',
        finalidade: 'CONSULTA_DO_TITULAR',
        peloTitular: true,
      });
      const [consultas] = await stores.repository.find([cpf], { filter: EVERYTHING, after: undefined, limit: 9 });
      expect(consultas).toEqual([
        expect.objectContaining({
          store: stores.repository.store,
          id,
          dataHoraMillis: Date.parse('2026-11-19T23:59:59.987Z'),
          consulente: 'cliente-de-teste',
          produto: 'Score',
          finalidade: 'CONSULTA_DO_TITULAR',
          peloTitular: true,
        }),
      ]);
    });

    it('sorts newest first, and equal instants by id, descending', async () => {
      const cpf = newCpf();
      const instants = ['2026-11-18T11:59:59.999Z', '2026-11-18T12:00:00.001Z', '2026-11-18T12:00:00.000Z'];
      const [a, b, c, d, e, f] = newIds(6);
      const [oldest, newest, between] = instants;
      await add(
        cpf,
        { id: c, dataHora: oldest },
        { id: a, dataHora: newest },
        { id: f, dataHora: oldest },
        { id: e, dataHora: between },
        { id: d, dataHora: newest },
        { id: b, dataHora: between },
      );
      expect(await idsFound(cpf, {})).toEqual([d, a, e, b, f, c]);
    });

    it.each([1, 2, 3, 5, 8, 9])(
      'gives a list of ties in pages of %i without a gap or a double, whether a page ends in a tie or between two',
      async (limit) => {
        const cpf = newCpf();
        const instants = ['2026-11-18T12:00:00.001Z', '2026-11-18T12:00:00.000Z', '2026-11-18T11:59:59.999Z'];
        const ids = newIds(8);
        await add(cpf, ...ids.map((id, index) => ({ id, dataHora: instants[index % 3]! })));
        const tie = (first: number): string[] => ids.filter((_, index) => index % 3 === first).toReversed();
        expect(idsOf(await readPages(stores.repository, cpf, { limit }))).toEqual([...tie(0), ...tie(1), ...tie(2)]);
      },
    );

    it('gives each person at most `limit` inquiries', async () => {
      const [ana, bia] = [newCpf(), newCpf()];
      await add(ana, {}, {}, {});
      await add(bia, {}, {}, {});
      const lists = await stores.repository.find([ana, bia], { filter: EVERYTHING, after: undefined, limit: 2 });
      expect(lists.map(({ length }) => length)).toEqual([2, 2]);
    });

    it('goes on after an inquiry within the filter of the page', async () => {
      const cpf = newCpf();
      const ids = newIds(6);
      await add(
        cpf,
        ...ids.map((id, index) => ({
          id,
          finalidade: index % 2 === 0 ? ('COBRANCA' as const) : ('VENDA_A_PRAZO' as const),
        })),
      );
      const filter = { ...EVERYTHING, finalidades: ['COBRANCA' as const] };
      expect(idsOf(await readPages(stores.repository, cpf, { limit: 2, filter }))).toEqual([ids[4], ids[2], ids[0]]);
    });

    it('takes `from` inclusively and `until` exclusively, to the millisecond', async () => {
      const cpf = newCpf();
      const from = '2026-11-10T03:00:00.000Z';
      const until = '2026-11-12T03:00:00.000Z';
      const [, first, last, next] = await add(
        cpf,
        { dataHora: '2026-11-10T02:59:59.999Z' },
        { dataHora: from },
        { dataHora: '2026-11-12T02:59:59.999Z' },
        { dataHora: until },
      );
      expect(await idsFound(cpf, { from, until })).toEqual([last, first]);
      expect(await idsFound(cpf, { from: until })).toEqual([next]);
      expect(await idsFound(cpf, { from, knownBefore: until })).toEqual([last, first]);
    });

    it('takes the earlier one of `until` and `knownBefore`', async () => {
      const cpf = newCpf();
      const [older] = await add(cpf, { dataHora: '2026-11-10T12:00:00Z' }, { dataHora: '2026-11-11T12:00:00Z' });
      const [early, late] = ['2026-11-11T00:00:00.000Z', '2026-11-12T00:00:00.000Z'];
      expect(await idsFound(cpf, { until: early, knownBefore: late })).toEqual([older]);
      expect(await idsFound(cpf, { until: late, knownBefore: early })).toEqual([older]);
    });

    it('filters by several purposes, and finds nothing with an empty list of purposes', async () => {
      const cpf = newCpf();
      const [credit, collection] = await add(
        cpf,
        { finalidade: 'CONCESSAO_CREDITO', dataHora: '2026-11-03T12:00:00Z' },
        { finalidade: 'COBRANCA', dataHora: '2026-11-02T12:00:00Z' },
        { finalidade: 'VENDA_A_PRAZO', dataHora: '2026-11-01T12:00:00Z' },
      );
      expect(await idsFound(cpf, { finalidades: ['COBRANCA'] })).toEqual([collection]);
      expect(await idsFound(cpf, { finalidades: ['COBRANCA', 'CONCESSAO_CREDITO'] })).toEqual([credit, collection]);
      expect(await idsFound(cpf, { finalidades: [] })).toEqual([]);
    });

    it('leaves out the inquiries of the holder when the filter is for third parties only', async () => {
      const cpf = newCpf();
      const [byHolder, byThirdParty] = await add(
        cpf,
        { peloTitular: true, dataHora: '2026-11-02T12:00:00Z' },
        { peloTitular: false, dataHora: '2026-11-01T12:00:00Z' },
      );
      expect(await idsFound(cpf, { thirdPartiesOnly: true })).toEqual([byThirdParty]);
      expect(await idsFound(cpf, { thirdPartiesOnly: false })).toEqual([byHolder, byThirdParty]);
    });

    it('applies all conditions at once', async () => {
      const cpf = newCpf();
      const match = { dataHora: '2026-11-11T12:00:00Z', finalidade: 'COBRANCA', peloTitular: false } as const;
      const [id] = await add(
        cpf,
        match,
        { ...match, dataHora: '2026-11-10T11:59:59.999Z' },
        { ...match, dataHora: '2026-11-12T12:00:00Z' },
        { ...match, finalidade: 'VENDA_A_PRAZO' },
        { ...match, peloTitular: true },
      );
      const conditions = {
        from: '2026-11-10T12:00:00.000Z',
        until: '2026-11-12T12:00:00.000Z',
        finalidades: ['COBRANCA' as const],
        thirdPartiesOnly: true,
      };
      expect(await idsFound(cpf, conditions)).toEqual([id]);
    });

    it('counts each person up to `limit`', async () => {
      const [ana, bia] = [newCpf(), newCpf()];
      await add(ana, {}, {}, {}, {});
      await add(bia, {}, {});
      expect(await stores.repository.count([ana, bia], EVERYTHING, 3)).toEqual([3, 2]);
    });

    it('fails with FONTE_INDISPONIVEL of `evento` when its server cannot be reached', async () => {
      const failure = { code: 'FONTE_INDISPONIVEL', fonte: 'evento' };
      const query = { filter: EVERYTHING, after: undefined, limit: 1 };
      await expect(stores.unreachable.find([newCpf()], query)).rejects.toMatchObject(failure);
      await expect(stores.unreachable.count([newCpf()], EVERYTHING, 1)).rejects.toMatchObject(failure);
    });
  });
}

import { addConsultas, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { unreachableServer } from '@pessoa/testkit/lost-servers';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type { Pool } from 'pg';
import { readConsultaFilter, thirdPartyFilterBefore } from '../../src/consultas/consulta-filter.ts';
import type { ConsultaRepository } from '../../src/consultas/consulta-repository.ts';
import { prismaConsultaRepository } from '../../src/consultas/prisma-consulta-repository.ts';
import { openBaseC, openPortugueseBaseC } from '../base-c-under-test.ts';
import { consultaRepositoryContract, type ConsultasUnderTest, readPages } from './consulta-repository-contract.ts';

const EVERYTHING = readConsultaFilter(null);

async function openRepositories(url: string, owner: Pool, drop: () => Promise<void>): Promise<ConsultasUnderTest> {
  const base = openBaseC(url);
  const lostBase = openBaseC(await unreachableServer(url));
  return {
    repository: prismaConsultaRepository(base),
    unreachable: prismaConsultaRepository(lostBase),
    async add(cpf, ...consultas) {
      await addTitular(owner, cpf);
      const rows = consultas.map(({ dataHora, peloTitular, ...consulta }) => ({
        ...consulta,
        data_hora: dataHora,
        pelo_titular: peloTitular,
      }));
      await addConsultas(owner, cpf, ...rows);
    },
    async close() {
      await Promise.all([base.close(), lostBase.close()]);
      await drop();
    },
  };
}

consultaRepositoryContract('Base C', async () => {
  const bases = await openTestBases();
  return openRepositories(bases.baseC.readerUrl, bases.baseC.owner, bases.drop);
});

consultaRepositoryContract('a Base C that sorts text as Portuguese does', async () => {
  const { url, owner, drop } = await openPortugueseBaseC();
  return openRepositories(url, owner, drop);
});

describe('The inquiries in Base C', () => {
  let bases: TestBases;
  let owner: Pool;
  let base: ReturnType<typeof openBaseC>;
  let repository: ConsultaRepository;
  beforeAll(async () => {
    bases = await openTestBases();
    ({ owner } = bases.baseC);
    await owner.query('ALTER TABLE consulta ALTER pelo_titular DROP NOT NULL, ALTER data_hora DROP NOT NULL');
    base = openBaseC(bases.baseC.readerUrl);
    repository = prismaConsultaRepository(base);
  });
  afterAll(async () => {
    await base.close();
    await bases.drop();
  });

  it('have every column of their row, null where the row has NULL', async () => {
    const cpf = await addTitular(owner);
    await addConsultas(
      owner,
      cpf,
      { id: `${cpf}-2`, cnpj_consulente: '11222333000181', biro: 'Birô Fictício', produto: 'Score' },
      { id: `${cpf}-1` },
    );
    const consulta = {
      store: 'base-c',
      cpf,
      consulente: 'Banco Fictício',
      dataHoraMillis: Date.parse('2026-11-20T12:00:00Z'),
      finalidade: 'CONCESSAO_CREDITO',
      peloTitular: false,
    };
    expect(await repository.find([cpf], { filter: EVERYTHING, after: undefined, limit: 9 })).toEqual([
      [
        { ...consulta, id: `${cpf}-2`, cnpjConsulente: '11222333000181', biro: 'Birô Fictício', produto: 'Score' },
        { ...consulta, id: `${cpf}-1`, cnpjConsulente: null, biro: null, produto: null },
      ],
    ]);
  });

  it('are sorted by the bytes of their ids in UTF-8 where their instants are equal', async () => {
    const cpf = await addTitular(owner);
    const ids = ['a-1', 'B-1', 'á-1', '_x', 'Z', 'a_1', 'a 1', '10', '9', '\u{ff41}', '\u{1f600}', 'ß', 'ss', '~'];
    await addConsultas(owner, cpf, ...ids.map((id) => ({ id })));
    const descending = ids.toSorted((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));
    expect((await readPages(repository, cpf, { limit: 4 })).map(({ id }) => id)).toEqual(descending);
  });

  const BAD_INSTANTS = [
    { id: '1', data_hora: null, dataHoraMillis: null },
    { id: '2', data_hora: null, dataHoraMillis: null },
    { id: '3', data_hora: 'infinity', dataHoraMillis: Infinity },
    { id: '4', data_hora: 'infinity', dataHoraMillis: Infinity },
    { id: '5', data_hora: '12026-01-01T00:00:00.123Z', dataHoraMillis: Date.parse('+012026-01-01T00:00:00.123Z') },
    { id: '6', data_hora: '12026-01-01T00:00:00.122Z', dataHoraMillis: Date.parse('+012026-01-01T00:00:00.122Z') },
    { id: '7', data_hora: '2026-11-04T12:00:00Z', dataHoraMillis: Date.parse('2026-11-04T12:00:00Z') },
    { id: '8', data_hora: '0044-03-15 12:00:00+00 BC', dataHoraMillis: Date.parse('-000043-03-15T12:00:00Z') },
    { id: '9', data_hora: '-infinity', dataHoraMillis: -Infinity },
  ];
  const addBadInstants = async () => {
    const cpf = await addTitular(owner);
    await addConsultas(owner, cpf, ...BAD_INSTANTS.map(({ id, data_hora }) => ({ id: `${cpf}-${id}`, data_hora })));
    return cpf;
  };

  it.each([1, 2, 3, 10])(
    'come in pages of %i without a gap or a double where rows have no instant, or none that RFC 3339 can write',
    async (limit) => {
      const cpf = await addBadInstants();
      const consultas = await readPages(repository, cpf, { limit });
      // Rows of equal instants are sorted by id, descending.
      const order = ['2', '1', '4', '3', '5', '6', '7', '8', '9'];
      expect(consultas.map(({ id, dataHoraMillis }) => ({ id, dataHoraMillis }))).toEqual(
        order.map((id) => ({
          id: `${cpf}-${id}`,
          dataHoraMillis: BAD_INSTANTS.find((row) => row.id === id)!.dataHoraMillis,
        })),
      );
    },
  );

  it('without an instant are in no period, but may be known before any instant', async () => {
    const cpf = await addBadInstants();
    const idsFound = async (conditions: object) => {
      const filter = { ...EVERYTHING, ...conditions };
      const [consultas] = await repository.find([cpf], { filter, after: undefined, limit: 99 });
      expect(await repository.count([cpf], filter, 99)).toEqual([consultas!.length]);
      return consultas!.map(({ id }) => id.slice(cpf.length + 1));
    };
    const noon = '2026-11-04T12:00:00.000Z';
    expect(await idsFound({ from: noon })).toEqual(['4', '3', '5', '6', '7']);
    expect(await idsFound({ until: noon })).toEqual(['8', '9']);
    expect(await idsFound({ knownBefore: noon })).toEqual(['2', '1', '8', '9']);
    expect(await idsFound({ from: noon, knownBefore: '2026-11-05T12:00:00.000Z' })).toEqual(['7']);
  });

  it('count as those of a third party where Base C does not say who asked', async () => {
    const cpf = await addTitular(owner);
    await addConsultas(owner, cpf, { id: `${cpf}-null`, pelo_titular: null }, { pelo_titular: true });
    const filter = thirdPartyFilterBefore('2026-11-23T03:00:00.000Z');
    expect(await repository.find([cpf], { filter, after: undefined, limit: 9 })).toMatchObject([
      [{ id: `${cpf}-null`, peloTitular: null }],
    ]);
    expect(await repository.count([cpf], filter, 9)).toEqual([1]);
  });

  it('keep a purpose that Pessoa does not know: its field fails when a client asks for it', async () => {
    const cpf = await addTitular(owner);
    await addConsultas(owner, cpf, { finalidade: 'XPTO' });
    const lists = await repository.find([cpf], { filter: EVERYTHING, after: undefined, limit: 9 });
    expect(lists).toMatchObject([[{ finalidade: 'XPTO' }]]);
  });

  it('fail with FONTE_INVALIDA while their table lacks a column', async () => {
    const cpf = newCpf();
    await owner.query('ALTER TABLE consulta RENAME COLUMN produto TO mercadoria');
    try {
      const answer = repository.find([cpf], { filter: EVERYTHING, after: undefined, limit: 9 });
      await expect(answer).rejects.toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'evento' });
    } finally {
      await owner.query('ALTER TABLE consulta RENAME COLUMN mercadoria TO produto');
    }
  });
});

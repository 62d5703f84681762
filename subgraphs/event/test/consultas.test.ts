import { randomUUID } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';
import { addAcessos, addConsultas, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

const ULTIMA = 'query Ultima ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } } } }';
const LIST = `query Lista ($cpf: CPF!, $filtro: FiltroConsulta, $first: Int, $after: String) {
  pessoa(cpf: $cpf) { eventos { consultas(filtro: $filtro, first: $first, after: $after) {
    totalCount totalExato nodes { id } pageInfo { hasNextPage endCursor }
  } } } }`;
const WHOLE = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { consultas { nodes {
  id consulente cnpjConsulente biro dataHora finalidade produto peloTitular } } } } }`;

interface Page {
  readonly totalCount: number;
  readonly totalExato: boolean;
  readonly nodes: { id: string }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

describe('consultas', () => {
  let event: EventUnderTest;

  beforeAll(async () => {
    event = await startEventUnderTest();
  });
  afterAll(() => event.close());

  const person = () => addTitular(event.bases.baseC.owner);
  const inBaseC = (cpf: Cpf, ...rows: object[]) =>
    addConsultas(event.bases.baseC.owner, cpf, ...rows.map((row) => ({ ...row })));
  const inAudit = (cpf: Cpf, ...rows: object[]) =>
    addAcessos(event.bases.auditoria.owner, event.cpfHash(cpf), ...rows.map((row) => ({ ...row })));
  const eventosIn = ({ body }: GraphqlAnswer): Record<string, unknown> => {
    expect(body.errors).toBeUndefined();
    return body.data?.['pessoa']?.['eventos'] as unknown as Record<string, unknown>;
  };
  // The test's own reads are in the audit at the test clock's now, 22 November: a filter to the 21st leaves them out.
  const before = { ate: '2026-11-21' };
  const list = async (cpf: Cpf, variables: Record<string, unknown> = {}): Promise<Page> =>
    eventosIn(await event.ask(LIST, { cpf, variables: { filtro: before, ...variables } }))['consultas'] as Page;

  it('shows a read that we answered as one by the client, in our name', async () => {
    const cpf = await person();
    const id = randomUUID();
    await inAudit(cpf, { id, client_id: 'loja-a', operacao: 'Divida', finalidade: 'COBRANCA' });
    const { nodes } = eventosIn(await event.ask(WHOLE, { cpf }))['consultas'] as { nodes: object[] };
    expect(nodes).toEqual([
      {
        id,
        consulente: 'loja-a',
        cnpjConsulente: null,
        biro: 'PESSOA',
        dataHora: '2026-11-20T12:00:00.000Z',
        finalidade: 'COBRANCA',
        produto: 'Divida',
        peloTitular: false,
      },
    ]);
  });

  it('merges the reads of Base C with our own, newest first', async () => {
    const cpf = await person();
    const own = [randomUUID(), randomUUID()];
    await inBaseC(
      cpf,
      { id: `${cpf}-1`, data_hora: '2026-11-04T12:00:00Z' },
      { id: `${cpf}-2`, data_hora: '2026-11-02T12:00:00Z' },
    );
    await inAudit(
      cpf,
      { id: own[0], data_hora: '2026-11-03T12:00:00Z' },
      { id: own[1], data_hora: '2026-11-01T12:00:00Z' },
    );
    expect(await list(cpf)).toMatchObject({
      totalCount: 4,
      totalExato: true,
      nodes: [`${cpf}-1`, own[0], `${cpf}-2`, own[1]].map((id) => ({ id })),
    });
  });

  it.each([1, 2, 3, 4, 7])(
    'is paged by %i to the end without gap or double, equal instants across both included',
    async (first) => {
      const cpf = await person();
      const instants = ['2026-11-05T12:00:00.001Z', '2026-11-05T12:00:00.000Z', '2026-11-05T11:59:59.999Z'];
      const base = Array.from({ length: 8 }, (_, i) => ({ id: `${cpf}-${i}`, data_hora: instants[i % 3]! }));
      const own = Array.from({ length: 9 }, (_, i) => ({ id: randomUUID(), data_hora: instants[i % 3]! }));
      await inBaseC(cpf, ...base);
      await inAudit(cpf, ...own);
      const downwards = (rows: typeof base, instant: string): string[] =>
      rows.filter(({ data_hora }) => data_hora === instant).map(({ id }) => id).sort().reverse(); // prettier-ignore
      const expected = instants.flatMap((instant) => [...downwards(base, instant), ...downwards(own, instant)]);

      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const page: Page = await list(cpf, { first, after });
        expect(page.totalCount).toBe(17);
        seen.push(...page.nodes.map(({ id }) => id));
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      expect(seen).toEqual(expected);
    },
  );

  it('filters both by days of São Paulo, both inclusive, and by purpose', async () => {
    const cpf = await person();
    const days = [
      '2026-11-10T02:59:59.999Z',
      '2026-11-10T03:00:00Z',
      '2026-11-12T02:59:59.999Z',
      '2026-11-12T03:00:00Z',
    ];
    await inBaseC(cpf, ...days.map((data_hora, i) => ({ id: `${cpf}-${i}`, data_hora })));
    const own = days.map((data_hora) => ({ id: randomUUID(), data_hora }));
    await inAudit(cpf, ...own);
    const period = { de: '2026-11-10', ate: '2026-11-11' };
    const ids = async (filtro: object) => (await list(cpf, { filtro })).nodes.map(({ id }) => id);
    expect(await ids(period)).toEqual([`${cpf}-2`, own[2]!.id, `${cpf}-1`, own[1]!.id]);
    expect(await ids({ de: '2026-11-12', ate: '2026-11-12' })).toEqual([`${cpf}-3`, own[3]!.id]);
    expect(await ids({ ...period, finalidades: ['VENDA_A_PRAZO'] })).toEqual([own[2]!.id, own[1]!.id]);
    expect(await ids({ ...period, finalidades: ['CONCESSAO_CREDITO', 'COBRANCA'] })).toEqual([`${cpf}-2`, `${cpf}-1`]);
    expect((await list(cpf, { filtro: { ...period, finalidades: [] } })).totalCount).toBe(0);
  });

  it('leaves out what we refused or could not answer: it showed nothing', async () => {
    const cpf = await person();
    const shown = randomUUID();
    await inAudit(cpf, { id: shown, resultado: 'PARCIAL' }, { resultado: 'NEGADO' }, { resultado: 'FALHA' });
    expect(await list(cpf)).toMatchObject({ totalCount: 1, nodes: [{ id: shown }] });
  });

  it('has the holder’s own reads, marked, which ultimaConsulta leaves out in both', async () => {
    const cpf = await person();
    await inBaseC(cpf, { id: `${cpf}-third`, data_hora: '2026-11-01T12:00:00Z' }, { id: `${cpf}-own`, data_hora: '2026-11-02T12:00:00Z', pelo_titular: true }); // prettier-ignore
    const own = randomUUID();
    await inAudit(cpf, { id: own, data_hora: '2026-11-03T12:00:00Z', pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR' }); // prettier-ignore
    const holder = { cpf };
    expect(eventosIn(await event.ask(ULTIMA, { cpf, token: holder }))['ultimaConsulta']).toEqual({
      id: `${cpf}-third`,
    });
    expect((await list(cpf)).nodes.map(({ id }) => id)).toEqual([own, `${cpf}-own`, `${cpf}-third`]);
    // By REST a read is in the audit of the subgraph itself.
    await event.get(`/evento/ultcompracartao/${cpf}`, holder);
    await event.get(`/evento/${cpf}`, { consentimento: [cpf] });
    const { nodes } = eventosIn(await event.ask(WHOLE, { cpf, token: holder }))['consultas'] as { nodes: { peloTitular: boolean; produto: string }[] }; // prettier-ignore
    expect(nodes.filter(({ produto }) => produto === 'UltimaCompraCartao')).toMatchObject([{ peloTitular: true }]);
    expect(nodes.filter(({ produto }) => produto === 'Evento')).toMatchObject([{ peloTitular: false }]);
  });

  it('ultimaConsulta is the newest of both; at one instant that of Base C', async () => {
    const cpf = await person();
    await inBaseC(cpf, { id: `${cpf}-c`, data_hora: '2026-11-22T15:00:00Z' });
    await inAudit(cpf, { data_hora: '2026-11-22T15:00:00Z' });
    expect(eventosIn(await event.ask(ULTIMA, { cpf }))['ultimaConsulta']).toEqual({ id: `${cpf}-c` });
    const own = randomUUID();
    await inAudit(cpf, { id: own, data_hora: '2026-11-22T15:00:00.001Z' });
    expect(eventosIn(await event.ask(ULTIMA, { cpf }))['ultimaConsulta']).toEqual({ id: own });
  });

  it('our reads do not make a CPF known to Base C', async () => {
    const cpf = newCpf();
    await inAudit(cpf, {});
    const { body } = await event.ask(ULTIMA, { cpf });
    expect(body).toEqual({ data: { pessoa: { eventos: null } } });
  });

  it('keeps people apart: two with reads in both stores, asked together', async () => {
    const ana = await person();
    const bia = await person();
    await inBaseC(ana, { id: `${ana}-c` });
    await inBaseC(bia, { id: `${bia}-c` });
    const [anaOwn, biaOwn] = [randomUUID(), randomUUID()];
    await inAudit(ana, { id: anaOwn });
    await inAudit(bia, { id: biaOwn });
    const query = `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { consultas(filtro: { ate: "2026-11-21" }) { nodes { id } } } } }`;
    const { body } = await event.ask(query, { cpf: ana, variables: { cpf: undefined, cpfs: [bia, ana] } });
    const nodes = (body.data!['pessoas'] as unknown as { eventos: { consultas: Page } }[]).map(
      ({ eventos }) => eventos.consultas.nodes,
    );
    expect(nodes).toEqual([
      [{ id: `${bia}-c` }, { id: biaOwn }],
      [{ id: `${ana}-c` }, { id: anaOwn }],
    ]);
  });

  it('counts exactly to 10,000 over both stores and says where it stopped beyond', async () => {
    const cpf = await person();
    await event.bases.baseC.owner.query(
      `INSERT INTO consulta (id, cpf, consulente, data_hora, finalidade, pelo_titular)
       SELECT $1 || '-' || n, $1, 'Banco Fictício', '2026-11-20T12:00:00Z', 'COBRANCA', false FROM generate_series(1, 9999) AS n`,
      [cpf],
    );
    await inAudit(cpf, {});
    expect(await list(cpf, { first: 1 })).toMatchObject({ totalCount: 10_000, totalExato: true });
    await inAudit(cpf, {});
    expect(await list(cpf, { first: 1 })).toMatchObject({ totalCount: 10_000, totalExato: false });
  });

  it('refuses a period that ends before it begins, and a cursor of another filter', async () => {
    const cpf = await person();
    await inBaseC(cpf, {}, {});
    const { endCursor: after } = (await list(cpf, { first: 1 })).pageInfo;
    for (const variables of [
      { filtro: { de: '2026-11-02', ate: '2026-11-01' } },
      { filtro: { ate: '2026-11-20' }, after },
      { filtro: before, after: after.startsWith('A') ? `B${after.slice(1)}` : `A${after.slice(1)}` },
    ]) {
      const { body } = await event.ask(LIST, { cpf, variables });
      expect(body.errors).toMatchObject([
        { path: ['pessoa', 'eventos', 'consultas'], extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
  });
});

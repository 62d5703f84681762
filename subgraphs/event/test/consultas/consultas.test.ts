import { randomUUID } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';
import { addAcessos, addConsultas, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { type EventUnderTest, startEventUnderTest } from '../event-under-test.ts';

const ULTIMA = 'query Ultima ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } } } }';
const LIST = `query Lista ($cpf: CPF!, $filtro: FiltroConsulta, $first: Int, $after: String) {
  pessoa(cpf: $cpf) { eventos { consultas(filtro: $filtro, first: $first, after: $after) {
    totalCount totalExato nodes { id } pageInfo { hasNextPage endCursor }
  } } } }`;
const EVERY_FIELD = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { consultas { nodes {
  id consulente cnpjConsulente biro dataHora finalidade produto peloTitular } } } } }`;

interface Page {
  readonly totalCount: number;
  readonly totalExato: boolean;
  readonly nodes: { id: string }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

describe('The inquiries about a person', () => {
  let event: EventUnderTest;

  beforeAll(async () => {
    event = await startEventUnderTest();
  });
  afterAll(() => event.close());

  const person = () => addTitular(event.bases.baseC.owner);
  const addToBaseC = (cpf: Cpf, ...rows: Record<string, unknown>[]) =>
    addConsultas(event.bases.baseC.owner, cpf, ...rows);
  const addToAudit = (cpf: Cpf, ...rows: Record<string, unknown>[]) =>
    addAcessos(event.bases.auditoria.owner, event.cpfHash(cpf), ...rows);
  const eventosIn = ({ body }: GraphqlAnswer): Record<string, unknown> => {
    expect(body.errors).toBeUndefined();
    return body.data?.['pessoa']?.['eventos'] as unknown as Record<string, unknown>;
  };
  // The tests' own inquiries are in the audit on 22 November, the day of their clock: this filter leaves them out.
  const beforeToday = { ate: '2026-11-21' };
  const list = async (cpf: Cpf, variables: Record<string, unknown> = {}): Promise<Page> =>
    eventosIn(await event.ask(LIST, { cpf, variables: { filtro: beforeToday, ...variables } }))['consultas'] as Page;

  it('include those that Pessoa answered: the client asked, and the bureau is Pessoa', async () => {
    const cpf = await person();
    const id = randomUUID();
    await addToAudit(cpf, { id, client_id: 'loja-a', operacao: 'Divida', finalidade: 'COBRANCA' });
    const { nodes } = eventosIn(await event.ask(EVERY_FIELD, { cpf }))['consultas'] as { nodes: object[] };
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

  it('are those of Base C and of the audit, newest first', async () => {
    const cpf = await person();
    const auditIds = [randomUUID(), randomUUID()];
    await addToBaseC(
      cpf,
      { id: `${cpf}-1`, data_hora: '2026-11-04T12:00:00Z' },
      { id: `${cpf}-2`, data_hora: '2026-11-02T12:00:00Z' },
    );
    await addToAudit(
      cpf,
      { id: auditIds[0], data_hora: '2026-11-03T12:00:00Z' },
      { id: auditIds[1], data_hora: '2026-11-01T12:00:00Z' },
    );
    expect(await list(cpf)).toMatchObject({
      totalCount: 4,
      totalExato: true,
      nodes: [`${cpf}-1`, auditIds[0], `${cpf}-2`, auditIds[1]].map((id) => ({ id })),
    });
  });

  it.each([1, 2, 3, 4, 7])(
    'come in pages of %i without a gap or a double, also where rows of both stores have one instant',
    async (first) => {
      const cpf = await person();
      const instants = ['2026-11-05T12:00:00.001Z', '2026-11-05T12:00:00.000Z', '2026-11-05T11:59:59.999Z'];
      const baseRows = Array.from({ length: 8 }, (_, i) => ({ id: `${cpf}-${i}`, data_hora: instants[i % 3]! }));
      const auditRows = Array.from({ length: 9 }, (_, i) => ({ id: randomUUID(), data_hora: instants[i % 3]! }));
      await addToBaseC(cpf, ...baseRows);
      await addToAudit(cpf, ...auditRows);
      const descending = (rows: typeof baseRows, instant: string): string[] =>
      rows.filter(({ data_hora }) => data_hora === instant).map(({ id }) => id).sort().reverse(); // prettier-ignore
      const expected = instants.flatMap((instant) => [
        ...descending(baseRows, instant),
        ...descending(auditRows, instant),
      ]);

      const shownIds: string[] = [];
      for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
        const page: Page = await list(cpf, { first, after });
        expect(page.totalCount).toBe(17);
        shownIds.push(...page.nodes.map(({ id }) => id));
        after = page.pageInfo.endCursor;
        ({ hasNextPage } = page.pageInfo);
      }
      expect(shownIds).toEqual(expected);
    },
  );

  it('are filtered in both stores by days of São Paulo, both inclusive, and by purpose', async () => {
    const cpf = await person();
    const days = [
      '2026-11-10T02:59:59.999Z',
      '2026-11-10T03:00:00Z',
      '2026-11-12T02:59:59.999Z',
      '2026-11-12T03:00:00Z',
    ];
    await addToBaseC(cpf, ...days.map((data_hora, i) => ({ id: `${cpf}-${i}`, data_hora })));
    const auditRows = days.map((data_hora) => ({ id: randomUUID(), data_hora }));
    await addToAudit(cpf, ...auditRows);
    const period = { de: '2026-11-10', ate: '2026-11-11' };
    const ids = async (filtro: object) => (await list(cpf, { filtro })).nodes.map(({ id }) => id);
    expect(await ids(period)).toEqual([`${cpf}-2`, auditRows[2]!.id, `${cpf}-1`, auditRows[1]!.id]);
    expect(await ids({ de: '2026-11-12', ate: '2026-11-12' })).toEqual([`${cpf}-3`, auditRows[3]!.id]);
    expect(await ids({ ...period, finalidades: ['VENDA_A_PRAZO'] })).toEqual([auditRows[2]!.id, auditRows[1]!.id]);
    expect(await ids({ ...period, finalidades: ['CONCESSAO_CREDITO', 'COBRANCA'] })).toEqual([`${cpf}-2`, `${cpf}-1`]);
    expect((await list(cpf, { filtro: { ...period, finalidades: [] } })).totalCount).toBe(0);
  });

  it('do not include a request that Pessoa refused or could not answer: it showed no data', async () => {
    const cpf = await person();
    const partialId = randomUUID();
    await addToAudit(cpf, { id: partialId, resultado: 'PARCIAL' }, { resultado: 'NEGADO' }, { resultado: 'FALHA' });
    expect(await list(cpf)).toMatchObject({ totalCount: 1, nodes: [{ id: partialId }] });
  });

  it('include those of the holder, marked as such, which ultimaConsulta leaves out in both stores', async () => {
    const cpf = await person();
    await addToBaseC(cpf, { id: `${cpf}-third`, data_hora: '2026-11-01T12:00:00Z' }, { id: `${cpf}-holder`, data_hora: '2026-11-02T12:00:00Z', pelo_titular: true }); // prettier-ignore
    const auditId = randomUUID();
    await addToAudit(cpf, { id: auditId, data_hora: '2026-11-03T12:00:00Z', pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR' }); // prettier-ignore
    const holder = { cpf };
    expect(eventosIn(await event.ask(ULTIMA, { cpf, token: holder }))['ultimaConsulta']).toEqual({
      id: `${cpf}-third`,
    });
    expect((await list(cpf)).nodes.map(({ id }) => id)).toEqual([auditId, `${cpf}-holder`, `${cpf}-third`]);
    // The subgraph itself writes inquiries over REST into the audit.
    await event.get(`/evento/ultcompracartao/${cpf}`, holder);
    await event.get(`/evento/${cpf}`, { consentimento: [cpf] });
    const { nodes } = eventosIn(await event.ask(EVERY_FIELD, { cpf, token: holder }))['consultas'] as { nodes: { peloTitular: boolean; produto: string }[] }; // prettier-ignore
    expect(nodes.filter(({ produto }) => produto === 'UltimaCompraCartao')).toMatchObject([{ peloTitular: true }]);
    expect(nodes.filter(({ produto }) => produto === 'Evento')).toMatchObject([{ peloTitular: false }]);
  });

  it('have the newest of both stores as ultimaConsulta, and at equal instants that of Base C', async () => {
    const cpf = await person();
    await addToBaseC(cpf, { id: `${cpf}-c`, data_hora: '2026-11-22T15:00:00Z' });
    await addToAudit(cpf, { data_hora: '2026-11-22T15:00:00Z' });
    expect(eventosIn(await event.ask(ULTIMA, { cpf }))['ultimaConsulta']).toEqual({ id: `${cpf}-c` });
    const auditId = randomUUID();
    await addToAudit(cpf, { id: auditId, data_hora: '2026-11-22T15:00:00.001Z' });
    expect(eventosIn(await event.ask(ULTIMA, { cpf }))['ultimaConsulta']).toEqual({ id: auditId });
  });

  it('that Pessoa answered do not make a CPF known', async () => {
    const cpf = newCpf();
    await addToAudit(cpf, {});
    const { body } = await event.ask(ULTIMA, { cpf });
    expect(body).toEqual({ data: { pessoa: { eventos: null } } });
  });

  it('are never those of another person of the same request', async () => {
    const ana = await person();
    const bia = await person();
    await addToBaseC(ana, { id: `${ana}-c` });
    await addToBaseC(bia, { id: `${bia}-c` });
    const [anaAuditId, biaAuditId] = [randomUUID(), randomUUID()];
    await addToAudit(ana, { id: anaAuditId });
    await addToAudit(bia, { id: biaAuditId });
    const query = `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { consultas(filtro: { ate: "2026-11-21" }) { nodes { id } } } } }`;
    const { body } = await event.ask(query, { cpf: ana, variables: { cpf: undefined, cpfs: [bia, ana] } });
    const nodes = (body.data!['pessoas'] as unknown as { eventos: { consultas: Page } }[]).map(
      ({ eventos }) => eventos.consultas.nodes,
    );
    expect(nodes).toEqual([
      [{ id: `${bia}-c` }, { id: biaAuditId }],
      [{ id: `${ana}-c` }, { id: anaAuditId }],
    ]);
  });

  it('are counted over both stores up to 10,000, and totalExato is false beyond', async () => {
    const cpf = await person();
    await event.bases.baseC.owner.query(
      `INSERT INTO consulta (id, cpf, consulente, data_hora, finalidade, pelo_titular)
       SELECT $1 || '-' || n, $1, 'Banco Fictício', '2026-11-20T12:00:00Z', 'COBRANCA', false FROM generate_series(1, 9999) AS n`,
      [cpf],
    );
    await addToAudit(cpf, {});
    expect(await list(cpf, { first: 1 })).toMatchObject({ totalCount: 10_000, totalExato: true });
    await addToAudit(cpf, {});
    expect(await list(cpf, { first: 1 })).toMatchObject({ totalCount: 10_000, totalExato: false });
  });

  it('are refused for a period that ends before it begins, and for a cursor of another filter', async () => {
    const cpf = await person();
    await addToBaseC(cpf, {}, {});
    const { endCursor: after } = (await list(cpf, { first: 1 })).pageInfo;
    for (const variables of [
      { filtro: { de: '2026-11-02', ate: '2026-11-01' } },
      { filtro: { ate: '2026-11-20' }, after },
      { filtro: beforeToday, after: after.startsWith('A') ? `B${after.slice(1)}` : `A${after.slice(1)}` },
    ]) {
      const { body } = await event.ask(LIST, { cpf, variables });
      expect(body.errors).toMatchObject([
        { path: ['pessoa', 'eventos', 'consultas'], extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
  });
});

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { applyMigrations } from '@pessoa/databases/migrations';
import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { startDebt } from '@pessoa/debt/debt-subgraph';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { readConfig as readEventConfig } from '@pessoa/event/config';
import { startEvent } from '@pessoa/event/event-subgraph';
import type { RunningService } from '@pessoa/service/processes/process';
import { asRouter } from '@pessoa/testkit/as-router';
import { postgresServer } from '@pessoa/testkit/servers';
import { type ServiceClient, serviceClient } from '@pessoa/testkit/service-client';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import pg from 'pg';

const CPF = cpfFromBase('320000001');
/** Ids that the collations C, ICU root and pt-BR sort differently. */
const IDS = [
  'a-1',
  'A-1',
  'á1',
  'a1',
  'Z9',
  'z10',
  'z9',
  '_x',
  '-x',
  'x',
  'ção',
  'cao',
  'Cão',
  '10',
  '9',
  'ä',
  'b',
  'B',
];

// Pages are in the byte order of ids, whatever the collation of the database.
describe.each([
  "LOCALE_PROVIDER icu ICU_LOCALE 'pt-BR'",
  "LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ks-level2-ka-shifted'",
])('On a database that sorts by %s', (sorting) => {
  const names = {
    debt: `pessoa_test_${randomBytes(6).toString('hex')}_a`,
    event: `pessoa_test_${randomBytes(6).toString('hex')}_c`,
  };
  let bases: TestBases;
  let environment: TestEnvironment;
  const services: RunningService[] = [];
  const clients: Record<string, ServiceClient> = {};
  const databaseOrder: Record<string, string[]> = {};

  const at = (database: string, url = postgresServer()): string =>
    Object.assign(new URL(url), { pathname: `/${database}` }).href;
  async function onServer(database: string, ...statements: [string, unknown[]?][]): Promise<pg.QueryResult[]> {
    const client = new pg.Client({ connectionString: at(database) });
    await client.connect();
    const results = [];
    for (const [statement, values = []] of statements) results.push(await client.query(statement, values));
    await client.end();
    return results;
  }

  beforeAll(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
    const patient = {
      BASE_A_ACQUIRE_MILLIS: '10000',
      BASE_A_STATEMENT_MILLIS: '10000',
      BASE_C_ACQUIRE_MILLIS: '10000',
      BASE_C_STATEMENT_MILLIS: '10000',
      AUDIT_READER_TIMEOUT_MILLIS: '10000',
      AUDIT_TIMEOUT_MILLIS: '10000',
    };
    const readers = { debt: bases.baseA.readerUrl, event: bases.baseC.readerUrl };
    const env = {
      ...environment.env,
      ...patient,
      BASE_A_URL: at(names.debt, readers.debt),
      BASE_C_URL: at(names.event, readers.event),
    };
    for (const subgraph of ['debt', 'event'] as const) {
      const database = names[subgraph];
      await onServer('postgres', [`CREATE DATABASE ${database} TEMPLATE template0 ${sorting}`]);
      await applyMigrations(
        at(database),
        fileURLToPath(new URL(`../../subgraphs/${subgraph}/prisma/migrations`, import.meta.url)),
      );
      await onServer(database, [
        `ALTER TABLE ${{ debt: 'divida', event: 'consulta' }[subgraph]} ALTER id TYPE text COLLATE "default"`,
      ]);
      await onServer(database, [
        `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${new URL(readers[subgraph]).username}`,
      ]);
    }
    await onServer(
      names.debt,
      [`INSERT INTO pessoa VALUES ($1, 'Ana Fictícia', 'REGULAR')`, [CPF]],
      [`INSERT INTO credor VALUES ('credor-1', 'Banco Fictício')`],
      [
        `INSERT INTO divida SELECT id, $1, 'credor-1', '1', 'OUTROS', 'PEFIN', 'EM_ABERTO', 1, NULL, '2026-01-10', '2026-02-11', '2026-02-01', NULL, true
           FROM unnest($2::text[]) id`,
        [CPF, IDS],
      ],
    );
    await onServer(
      names.event,
      ['INSERT INTO titular VALUES ($1)', [CPF]],
      [
        `INSERT INTO consulta (id, cpf, consulente, data_hora, finalidade, pelo_titular)
           SELECT id, $1, id, '2026-11-01T12:00:00Z', 'COBRANCA', false FROM unnest($2::text[]) id`,
        [CPF, IDS],
      ],
    );
    for (const [subgraph, table] of [
      ['debt', 'divida'],
      ['event', 'consulta'],
    ] as const) {
      const [result] = await onServer(names[subgraph], [`SELECT id FROM ${table} ORDER BY id DESC`]);
      databaseOrder[subgraph] = result!.rows.map(({ id }: { id: string }) => id);
    }
    const clock = { now: () => new Date('2026-11-22T15:00:00Z') };
    services.push(await startDebt(readDebtConfig(env), environment.logger, clock));
    services.push(await startEvent(readEventConfig(env), environment.logger, clock));
    const token = await environment.token();
    clients['debt'] = serviceClient(services[0]!.url, token, asRouter(env, 'debt'));
    clients['event'] = serviceClient(services[1]!.url, token, asRouter(env, 'event'));
  });
  afterAll(async () => {
    for (const service of services) await service.close();
    await environment.close();
    await bases.drop();
    for (const database of Object.values(names)) await onServer('postgres', [`DROP DATABASE ${database} WITH (FORCE)`]);
  });

  interface List {
    readonly nodes: readonly { id: string }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  }
  const page = 'pageInfo { endCursor hasNextPage }';
  const listOf = {
    debt: async (cursor: string | null, first: number): Promise<List> => {
      const { body } = await clients['debt']!.ask(
        `query ($after: String, $first: Int) { pessoa(cpf: "${CPF}") { dividas(first: $first, after: $after) { nodes { id } ${page} } } }`,
        { variables: { after: cursor, first } },
      );
      return (body.data as unknown as { pessoa: { dividas: List } }).pessoa.dividas;
    },
    event: async (cursor: string | null, first: number): Promise<List> => {
      const { body } = await clients['event']!.ask(
        `query ($after: String, $first: Int) { pessoa(cpf: "${CPF}") { eventos {
             consultas(first: $first, after: $after, filtro: { finalidades: [COBRANCA] }) { nodes { id: consulente } ${page} } } } }`,
        { variables: { after: cursor, first } },
      );
      return (body.data as unknown as { pessoa: { eventos: { consultas: List } } }).pessoa.eventos.consultas;
    },
  };

  const byBytes = IDS.toSorted((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));

  it('the database’s own order of the ids differs from their byte order', () => {
    for (const ids of [databaseOrder['debt'], databaseOrder['event']]) expect(ids).not.toEqual(byBytes);
  });

  it.each(['debt', 'event'] as const)(
    'pages of %s, followed to the end, have everything once and by bytes',
    async (name) => {
      for (const first of [1, 2, 5, 7]) {
        const ids: string[] = [];
        for (let cursor: string | null = null, isLast = false; !isLast;) {
          const { nodes, pageInfo }: List = await listOf[name](cursor, first);
          ids.push(...nodes.map(({ id }) => id));
          expect(ids.length).toBeLessThanOrEqual(IDS.length);
          cursor = pageInfo.endCursor;
          isLast = !pageInfo.hasNextPage;
        }
        expect(ids).toEqual(byBytes);
      }
    },
  );
});

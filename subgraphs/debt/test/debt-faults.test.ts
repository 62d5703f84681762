import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { hangingServer, unreachableServer } from '@pessoa/testkit/lost-servers';
import { lockTable } from '@pessoa/testkit/table-lock';
import { clusterInfo, openTestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import pg from 'pg';
import { readConfig } from '../src/config.ts';
import { startDebt } from '../src/debt-subgraph.ts';
import { type DebtUnderTest, IMPATIENT, openDebt, PATIENT } from './debt-under-test.ts';

async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await work, performance.now() - start];
}

const lost = (code: string) => ({ extensions: { code, fonte: 'divida' } });

describe('With Base A', () => {
  let debt: DebtUnderTest;
  afterEach(() => debt.close());

  const FIELDS = 'cpf nome endereco { uf } dividas { totalCount } resumoDividas { quantidade }';
  const EMPTY = { nome: null, endereco: null, dividas: null, resumoDividas: null };

  function expectAllLost({ status, body }: GraphqlAnswer, cpf: string, code: string): void {
    expect(status).toBe(200);
    expect(body.data).toEqual({ pessoa: { cpf, ...EMPTY } });
    const paths = body.errors?.map(({ path }) => path?.join('.'));
    expect(paths?.toSorted()).toEqual(
      Object.keys(EMPTY)
        .map((field) => `pessoa.${field}`)
        .toSorted(),
    );
    for (const error of body.errors!) expect(error).toMatchObject(lost(code));
  }

  it('not reachable, the service starts, and every field of it is lost at its path', async () => {
    debt = await openDebt(async ({ baseA }) => ({ BASE_A_URL: await unreachableServer(baseA.readerUrl) }));
    const cpf = await debt.newPessoa();
    const [answer, millis] = await timed(debt.ask(`{ pessoa(cpf: "${cpf}") { ${FIELDS} } }`));
    expectAllLost(answer, cpf, 'FONTE_INDISPONIVEL');
    expect(millis).toBeLessThan(5_000); // half of what a connection may take here: nothing was waited for
    const { status, headers, body } = await debt.get(`/divida/${cpf}`);
    expect([status, headers.get('retry-after'), body]).toMatchObject([
      503,
      '5',
      { code: 'FONTE_INDISPONIVEL', fonte: 'divida' },
    ]);
    const { rows } = await debt.bases.auditoria.owner.query('SELECT resultado, campos FROM acesso');
    // What comes by REST alone: the router writes down what it asked for itself.
    expect(rows).toEqual([{ resultado: 'FALHA', campos: [] }]);
  });

  it('not reachable yet, the service says it is not ready; reachable once, it stays ready', async () => {
    debt = await openDebt(async ({ baseA }) => ({
      ...IMPATIENT,
      BASE_A_URL: await unreachableServer(baseA.readerUrl),
    }));
    expect(await debt.get('/health/ready')).toMatchObject({ status: 503, body: { status: 'iniciando' } });
    expect(await debt.get('/health/live')).toMatchObject({ status: 200 });
  });

  it('hangingServer, every field is lost within the budget', async () => {
    let close = (): void => {};
    debt = await openDebt(async ({ baseA }) => {
      const silent = await hangingServer(baseA.readerUrl);
      close = silent.close;
      return { ...IMPATIENT, BASE_A_URL: silent.url };
    });
    const cpf = await debt.newPessoa();
    const [answer, millis] = await timed(debt.ask(`{ pessoa(cpf: "${cpf}") { ${FIELDS} } }`));
    close();
    expectAllLost(answer, cpf, 'FONTE_LENTA');
    expect(millis).toBeLessThan(1_500);
  });

  it('slow in one table, only what needs that table is lost, within the budget', async () => {
    debt = await openDebt(() => ({ BASE_A_STATEMENT_MILLIS: '' }));
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const ask = () => debt.ask(`{ pessoa(cpf: "${cpf}") { nome endereco { uf } dividas { totalCount } } }`);
    await ask(); // the first request of a process takes longer
    const release = await lockTable(debt.bases.baseA.owner, 'divida');
    const [{ body }, millis] = await timed(ask());
    await release();
    expect(body).toMatchObject({
      data: { pessoa: { nome: 'Ana Fictícia', endereco: null, dividas: null } },
      errors: [{ path: ['pessoa', 'dividas'], ...lost('FONTE_LENTA') }],
    });
    expect(body.errors).toHaveLength(1);
    expect(millis).toBeLessThan(1_500);
    expect((await debt.ask(`{ pessoa(cpf: "${cpf}") { dividas { totalCount } } }`)).body.errors).toBe(undefined);
  });

  it('slow for twelve lists of one request, it is asked by the next request all the same', async () => {
    debt = await openDebt(() => ({ BASE_A_ACQUIRE_MILLIS: '200', BASE_A_STATEMENT_MILLIS: '300' }));
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    const lists = Array.from({ length: 12 }, (_, n) => `d${n}: dividas(filtro: { vencimentoDe: "20${String(n + 10)}-01-01" }) { totalCount }`); // prettier-ignore
    const release = await lockTable(debt.bases.baseA.owner, 'divida');
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { ${lists.join(' ')} } }`);
    const next = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    await release();
    expect(body.errors).toHaveLength(12);
    expect(next.body).toEqual({ data: { pessoa: { nome: 'Ana Fictícia' } } });
  });

  it('slow in two statements one after the other, it is waited for once', async () => {
    debt = await openDebt(() => ({ BASE_A_ACQUIRE_MILLIS: '500', BASE_A_STATEMENT_MILLIS: '2500' }));
    const cpf = await debt.newPessoa();
    const ask = () => debt.ask(`{ pessoa(cpf: "${cpf}") { dividas { totalCount nodes { credor { nome } } } } }`);
    await ask();
    const { owner } = debt.bases.baseA;
    // The page needs credor and divida, its total only divida: the second lock is waited for when the first is gone.
    const releaseCredor = await lockTable(owner, 'credor');
    const start = performance.now();
    const asked = ask();
    await sleep(1_500);
    const holding = lockTable(owner, 'divida'); // granted once the page, which reads it too, has ended
    await sleep(700);
    await releaseCredor();
    const { body } = await asked;
    const millis = performance.now() - start;
    const releaseDivida = await holding;
    await releaseDivida();
    expect(body.errors).toMatchObject([lost('FONTE_LENTA')]);
    // 2,200 ms for the page and 2,500 ms for its total would be more than the 3,000 ms of a request.
    expect(millis).toBeGreaterThan(2_600);
    expect(millis).toBeLessThan(4_500);
  });

  it('without a table it had, what needs that table is lost, and the rest is answered', async () => {
    debt = await openDebt();
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    await debt.bases.baseA.owner.query('DROP TABLE endereco');
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome endereco { uf } } }`);
    expect(body).toMatchObject({
      data: { pessoa: { nome: 'Ana Fictícia', endereco: null } },
      errors: [{ path: ['pessoa', 'endereco'], ...lost('FONTE_INVALIDA') }],
    });
  });

  it('restarted, the connections it ended are replaced without an error', async () => {
    debt = await openDebt();
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const ask = () => debt.ask(`{ pessoa(cpf: "${cpf}") { nome dividas { totalCount } } }`);
    await ask();
    const superuser = new pg.Client({ connectionString: clusterInfo().superuserUrl });
    await superuser.connect();
    const { rowCount } = await superuser.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2',
      [new URL(debt.bases.baseA.readerUrl).pathname.slice(1), 'base_a_reader'],
    );
    await superuser.end();
    expect(rowCount).toBeGreaterThan(0);
    await sleep(50);
    expect((await ask()).body).toMatchObject({ data: { pessoa: { nome: 'Ana Fictícia' } } });
  });

  it('failing again and again, it is asked no more for a while, and the health says so', async () => {
    debt = await openDebt(async ({ baseA }) => ({
      ...IMPATIENT,
      BASE_A_URL: await unreachableServer(baseA.readerUrl),
    }));
    const cpf = await debt.newPessoa();
    for (let round = 0; round < 12; round++) await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    expect(body.errors).toMatchObject([{ path: ['pessoa', 'nome'], ...lost('FONTE_INDISPONIVEL') }]);
    expect((await debt.get('/health/ready')).body).toMatchObject({ fontes: { divida: 'fora' } });
  });
});

describe('A Base A that is not as agreed', () => {
  it('lets the service start without an index, which it says once, with the statement', async () => {
    const debt = await openDebt(async ({ baseA }) => {
      await baseA.owner.query('DROP INDEX divida_cpf_vencimento_id_idx');
      return {};
    });
    const said = debt.environment.logLines().filter((line) => line.includes('CREATE INDEX'));
    expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 40,
        ddl: 'CREATE INDEX CONCURRENTLY ON "public"."divida" (cpf, vencimento DESC, id DESC)',
      }),
    ]);
    await debt.close();
  });

  it.each([
    ['lacks a column', 'ALTER TABLE divida DROP COLUMN data_comunicacao', 'divida.data_comunicacao'],
    ['lacks a table', 'ALTER TABLE credor RENAME TO credores', 'credor.cnpj'],
    [
      'keeps a column from our role',
      'REVOKE SELECT ON pessoa FROM base_a_reader; GRANT SELECT (cpf, nome) ON pessoa TO base_a_reader',
      'pessoa.situacao_cadastral',
    ],
    [
      'has another type',
      'ALTER TABLE divida ALTER COLUMN valor_original TYPE double precision',
      'divida.valor_original (is double precision, must be numeric(17,2))',
    ],
    [
      'has a type of its own for allowed values',
      `CREATE TYPE situacao AS ENUM ('EM_ABERTO'); ALTER TABLE divida ALTER COLUMN situacao TYPE situacao USING situacao::situacao`,
      'divida.situacao (is situacao, must be text)',
    ],
    [
      'is older than PostgreSQL 15',
      // Found before the server's own, because the database's path says so.
      `CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT '140012' $$;
       DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$`,
      'PostgreSQL 15 or newer (the server is 14)',
    ],
  ])('keeps the service from starting when it %s, which is named', async (_, change, missing) => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    await bases.baseA.owner.query(change);
    const started = startDebt(readConfig({ ...environment.env, ...PATIENT }), environment.logger);
    await expect(started).rejects.toThrow(missing);
    await expect(started).rejects.not.toThrow(/pessoa\.nome|divida\.id|\/\//);
    await environment.close();
    await bases.drop();
  });

  it('may have other types of the same kind, a domain among them', async () => {
    const debt = await openDebt(async ({ baseA }) => {
      await baseA.owner.query(`
        CREATE DOMAIN cpf AS char(11) CHECK (value ~ '^[0-9]{11}$');
        ALTER TABLE divida DROP CONSTRAINT divida_cpf_fkey, ALTER COLUMN cpf TYPE cpf, ALTER COLUMN uf TYPE text,
          ALTER COLUMN parcelas_em_atraso TYPE smallint, ALTER COLUMN contrato TYPE varchar(40)`);
      return {};
    });
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { parcelas_em_atraso: 3, uf: 'SP' });
    const { body } = await debt.ask(
      `{ pessoa(cpf: "${cpf}") { dividas { totalCount nodes { uf parcelasEmAtraso contrato } } } }`,
    );
    await debt.close();
    expect(body).toEqual({
      data: {
        pessoa: { dividas: { totalCount: 1, nodes: [{ uf: 'SP', parcelasEmAtraso: 3, contrato: '0012345678' }] } },
      },
    });
  });

  it('may offer the same by views, and more columns than we read', async () => {
    const debt = await openDebt(async ({ baseA }) => {
      await baseA.owner.query(`
        ALTER TABLE pessoa RENAME TO cadastro;
        ALTER TABLE cadastro ADD COLUMN nome_da_mae TEXT;
        CREATE VIEW pessoa AS SELECT cpf, nome, situacao_cadastral FROM cadastro`);
      return {};
    });
    await debt.bases.baseA.owner.query(
      `INSERT INTO cadastro VALUES ('52998224725', 'Ana Fictícia', 'REGULAR', 'Bia Fictícia')`,
    );
    const { body } = await debt.ask('{ pessoa(cpf: "52998224725") { nome dividas { totalCount } } }');
    await debt.close();
    expect(body).toEqual({ data: { pessoa: { nome: 'Ana Fictícia', dividas: { totalCount: 0 } } } });
  });
});

describe('The configuration of Debt', () => {
  it('is refused with every fault named at once, and no value', () => {
    const env = {
      BASE_A_URL: 'mysql://u:segredo@h/d',
      DEBT_PORT: '70000',
      CPF_HASH_KEY: 'curta',
      BASE_A_STATEMENT_MILLIS: 'x',
    };
    const read = () => readConfig(env);
    for (const name of [
      ...Object.keys(env),
      'INTERNAL_KEY',
      'AUDIT_URL',
      'JWT_JWKS_URL',
      'JWT_ISSUER',
      'JWT_AUDIENCE',
    ]) {
      expect(read).toThrow(new RegExp(`^  ${name}: `, 'm'));
    }
    expect(read).not.toThrow(/segredo|curta|70000/);
  });

  it('keeps within the time the router gives it: 200 ms for a connection, 1,200 for a statement', async () => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    const { base, port } = readConfig({ ...environment.env, DEBT_PORT: '' });
    await environment.close();
    await bases.drop();
    expect(base).toMatchObject({ budget: { acquireMillis: 200, statementMillis: 1_200 }, connections: 10 });
    expect(base.budget.acquireMillis + base.budget.statementMillis).toBeLessThan(1_500);
    expect(port).toBe(4001);
  });
});

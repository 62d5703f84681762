import { setTimeout as sleep } from 'node:timers/promises';
import { cutConnections } from '@pessoa/testkit/cut-connections';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { hung, unreachable } from '@pessoa/testkit/lost-servers';
import { lockTable } from '@pessoa/testkit/table-lock';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startScore } from '../src/score-subgraph.ts';
import { EXEMPLO, IMPATIENT, openScore, PATIENT, type ScoreUnderTest, WITHOUT_CACHE } from './score-under-test.ts';

/** The router's share for Score: cache 150 + acquire 100 + statement 500, and the way there and back. */
const BUDGET_MILLIS = 800;

async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await work, performance.now() - start];
}

/** Of our reader role, as the server counts them: it needs a moment to see one go. */
async function connectionsTo({ baseB }: TestBases): Promise<number> {
  await sleep(100);
  const { rows } = await baseB.owner.query<{ count: number }>(
    "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND usename = 'base_b_reader'",
  );
  return rows[0]!.count;
}

it('A service has its connections to the base open from its start, and again after they were lost, though nobody reads', async () => {
  const score = await openScore();
  expect(await connectionsTo(score.bases)).toBe(10);
  expect(await cutConnections(score.bases.baseB.readerUrl)).toBe(10);
  const deadline = performance.now() + 20_000;
  while ((await connectionsTo(score.bases)) < 10 && performance.now() < deadline);
  expect(await connectionsTo(score.bases)).toBe(10);
  await score.close();
});

describe('With Base B', () => {
  let score: ScoreUnderTest;
  afterEach(() => score.close());

  const ask = (cpf: string) => timed(score.ask(`{ pessoa(cpf: "${cpf}") { cpf score { valor } perfil { idade } } }`));

  function expectLost({ status, body }: GraphqlAnswer, cpf: string, code: string): void {
    expect(status).toBe(200);
    expect(body.data).toEqual({ pessoa: { cpf, score: null, perfil: null } });
    expect(body.errors).toHaveLength(2);
    for (const field of ['score', 'perfil']) {
      expect(body.errors).toContainEqual({
        message: expect.any(String),
        path: ['pessoa', field],
        extensions: { code, fonte: 'score' },
      });
    }
  }

  it('not reachable, the service starts, and both fields are lost at their paths', async () => {
    score = await openScore(async ({ baseB }) => ({ BASE_B_URL: await unreachable(baseB.readerUrl) }));
    const cpf = await score.newTitular(EXEMPLO);
    const [answer, millis] = await ask(cpf);
    expectLost(answer, cpf, 'FONTE_INDISPONIVEL');
    expect(millis).toBeLessThan(5_000); // half of what a connection may take here: nothing was waited for
    expect((await score.get('/health/ready')).status).toBe(503);
    const rest = await score.get(`/score/${cpf}`);
    expect([rest.status, rest.headers.get('retry-after'), rest.body]).toMatchObject([
      503,
      '5',
      { code: 'FONTE_INDISPONIVEL', fonte: 'score' },
    ]);
    const { rows } = await score.bases.auditoria.owner.query('SELECT resultado, campos FROM acesso');
    // What comes by REST alone: the router writes down what it asked for itself.
    expect(rows).toEqual([{ resultado: 'FALHA', campos: [] }]);
  });

  it('hung, both fields are lost within the budget', async () => {
    let close = (): void => {};
    score = await openScore(async ({ baseB }) => {
      const silent = await hung(baseB.readerUrl);
      close = silent.close;
      return { ...IMPATIENT, BASE_B_URL: silent.url };
    });
    const cpf = await score.newTitular(EXEMPLO);
    const [answer, millis] = await ask(cpf);
    close();
    expectLost(answer, cpf, 'FONTE_LENTA');
    expect(millis).toBeLessThan(BUDGET_MILLIS);
  });

  it('slow in one table, the whole profile is lost: a note over the rest would be wrong', async () => {
    score = await openScore(() => ({ BASE_B_STATEMENT_MILLIS: '', ...WITHOUT_CACHE }));
    const cpf = await score.newTitular(EXEMPLO);
    await ask(cpf);
    const release = await lockTable(score.bases.baseB.owner, 'bem');
    const [answer, millis] = await ask(cpf);
    await release();
    expectLost(answer, cpf, 'FONTE_LENTA');
    expect(millis).toBeLessThan(BUDGET_MILLIS);
    expect((await ask(cpf))[0].body.errors).toBe(undefined);
  });

  it('without a table it had, both fields are lost', async () => {
    score = await openScore();
    const cpf = await score.newTitular(EXEMPLO);
    await score.bases.baseB.owner.query('DROP TABLE fonte_de_renda');
    expectLost((await ask(cpf))[0], cpf, 'FONTE_INVALIDA');
  });
});

describe('A Base B that is not as agreed', () => {
  it.each([
    ['lacks a column', 'ALTER TABLE bem DROP COLUMN saldo_devedor', 'bem.saldo_devedor'],
    ['lacks a table', 'ALTER TABLE fonte_de_renda RENAME TO rendas', 'fonte_de_renda.periodicidade'],
    [
      'keeps a column from our role',
      'REVOKE SELECT ON titular FROM base_b_reader; GRANT SELECT (cpf) ON titular TO base_b_reader',
      'titular.nascimento',
    ],
  ])('keeps the service from starting when it %s, which is named', async (_, change, missing) => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    await bases.baseB.owner.query(change);
    const started = startScore(readConfig({ ...environment.env, ...PATIENT }), environment.logger);
    await expect(started).rejects.toThrow(missing);
    await expect(started).rejects.not.toThrow(/endereco|\/\//);
    expect(await connectionsTo(bases)).toBe(0);
    await environment.close();
    await bases.drop();
  });
});

describe('The configuration of Score', () => {
  it('is refused with every fault named at once, and no value', () => {
    const env = {
      BASE_B_URL: 'mysql://u:segredo@h/d',
      SCORE_PORT: '70000',
      CPF_HASH_KEY: 'curta',
      BASE_B_STATEMENT_MILLIS: 'x',
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

  it('keeps within the time the router gives it: 100 ms for a connection, 500 for a statement', async () => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    const { base, port } = readConfig({ ...environment.env, SCORE_PORT: '' });
    await environment.close();
    await bases.drop();
    expect(base).toMatchObject({ budget: { acquireMillis: 100, statementMillis: 500 }, connections: 10 });
    expect(port).toBe(4002);
  });
});

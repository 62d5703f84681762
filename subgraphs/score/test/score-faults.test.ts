import { setTimeout as sleep } from 'node:timers/promises';
import { cutConnections } from '@pessoa/testkit/cut-connections';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { hangingServer, unreachableServer } from '@pessoa/testkit/lost-servers';
import { lockTable } from '@pessoa/testkit/table-lock';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startScore } from '../src/score-subgraph.ts';
import { EXEMPLO, IMPATIENT, openScore, PATIENT, type ScoreUnderTest, WITHOUT_CACHE } from './score-under-test.ts';

/** The router's time for Score: 150 ms for the cache, 100 for a connection, 500 for a statement, and the network. */
const BUDGET_MILLIS = 800;

async function timed<T>(work: Promise<T>): Promise<{ answer: T; millis: number }> {
  const start = performance.now();
  return { answer: await work, millis: performance.now() - start };
}

/** The server processes of our reader role's connections, read again until `isWanted` holds, at most for 20 s. */
async function connectionPids({ baseB }: TestBases, isWanted: (pids: readonly number[]) => boolean): Promise<number[]> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { rows } = await baseB.owner.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'base_b_reader'",
    );
    const pids = rows.map(({ pid }) => pid);
    if (isWanted(pids) || performance.now() > deadline) return pids;
    await sleep(50);
  }
}

it('A service opens its connections to Base B at its start, and opens lost ones again, without a request', async () => {
  const score = await openScore();
  const firstPids = await connectionPids(score.bases, ({ length }) => length === 10);
  expect(firstPids).toHaveLength(10);
  expect(await cutConnections(score.bases.baseB.readerUrl)).toBe(10);
  const areReopened = (pids: readonly number[]) => pids.length === 10 && !pids.some((pid) => firstPids.includes(pid));
  const pids = await connectionPids(score.bases, areReopened);
  expect({ pids, areReopened: areReopened(pids) }).toEqual({ pids, areReopened: true });
  await score.close();
});

describe('With Base B', () => {
  let score: ScoreUnderTest;
  afterEach(() => score.close());

  const ask = (cpf: string) => timed(score.ask(`{ pessoa(cpf: "${cpf}") { cpf score { valor } perfil { idade } } }`));

  /** The fastest of three: a pause of the machine is not the service's. */
  async function askThrice(cpf: string): Promise<{ answers: GraphqlAnswer[]; millis: number }> {
    const asked = [await ask(cpf), await ask(cpf), await ask(cpf)];
    return { answers: asked.map(({ answer }) => answer), millis: Math.min(...asked.map(({ millis }) => millis)) };
  }

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

  it('unreachableServer, the service starts, and both fields fail at their paths', async () => {
    score = await openScore(async ({ baseB }) => ({ BASE_B_URL: await unreachableServer(baseB.readerUrl) }));
    const cpf = await score.newTitular(EXEMPLO);
    const { answer, millis } = await ask(cpf);
    expectLost(answer, cpf, 'FONTE_INDISPONIVEL');
    expect(millis).toBeLessThan(5_000); // half the time-out of a connection here: the request did not wait for it
    expect((await score.get('/health/ready')).status).toBe(503);
    const restAnswer = await score.get(`/score/${cpf}`);
    expect(restAnswer).toMatchObject({ status: 503, body: { code: 'FONTE_INDISPONIVEL', fonte: 'score' } });
    expect(restAnswer.headers.get('retry-after')).toBe('5');
    const { rows } = await score.bases.auditoria.owner.query('SELECT resultado, campos FROM acesso');
    // Of the REST request alone: the router writes the rows of its own requests.
    expect(rows).toEqual([{ resultado: 'FALHA', campos: [] }]);
  });

  it('silent, both fields fail within the budget', async () => {
    let close = (): void => {};
    score = await openScore(async ({ baseB }) => {
      const silent = await hangingServer(baseB.readerUrl);
      close = silent.close;
      return { ...IMPATIENT, BASE_B_URL: silent.url };
    });
    const cpf = await score.newTitular(EXEMPLO);
    const { answers, millis } = await askThrice(cpf);
    close();
    for (const answer of answers) expectLost(answer, cpf, 'FONTE_LENTA');
    expect(millis).toBeLessThan(BUDGET_MILLIS);
  });

  it('slow in one table, both fields fail: a score over the other tables would be wrong', async () => {
    score = await openScore(() => ({ BASE_B_STATEMENT_MILLIS: '', ...WITHOUT_CACHE }));
    const cpf = await score.newTitular(EXEMPLO);
    await ask(cpf);
    const release = await lockTable(score.bases.baseB.owner, 'bem');
    const { answers, millis } = await askThrice(cpf);
    await release();
    for (const answer of answers) expectLost(answer, cpf, 'FONTE_LENTA');
    expect(millis).toBeLessThan(BUDGET_MILLIS);
    expect((await ask(cpf)).answer.body.errors).toBe(undefined);
  });

  it('without one of its tables, both fields fail', async () => {
    score = await openScore();
    const cpf = await score.newTitular(EXEMPLO);
    await score.bases.baseB.owner.query('DROP TABLE fonte_de_renda');
    expectLost((await ask(cpf)).answer, cpf, 'FONTE_INVALIDA');
  });
});

describe('A Base B that breaks its contract', () => {
  it.each([
    ['lacks a column', 'ALTER TABLE bem DROP COLUMN saldo_devedor', 'bem.saldo_devedor'],
    ['lacks a table', 'ALTER TABLE fonte_de_renda RENAME TO rendas', 'fonte_de_renda.periodicidade'],
    [
      'does not grant a column to our role',
      'REVOKE SELECT ON titular FROM base_b_reader; GRANT SELECT (cpf) ON titular TO base_b_reader',
      'titular.nascimento',
    ],
  ])('stops the start of the service when it %s, and the error names it', async (_, change, missing) => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    await bases.baseB.owner.query(change);
    const started = startScore(readConfig({ ...environment.env, ...PATIENT }), environment.logger);
    await expect(started).rejects.toThrow(missing);
    await expect(started).rejects.not.toThrow(/endereco|\/\//);
    expect(await connectionPids(bases, ({ length }) => length === 0)).toEqual([]);
    await environment.close();
    await bases.drop();
  });
});

describe('The configuration of Score', () => {
  it('is refused with every fault at once, and without a value', () => {
    const env = {
      BASE_B_URL: 'mysql://u:segredo@h/d',
      SCORE_PORT: '70000',
      CPF_HASH_KEY: 'curta',
      BASE_B_STATEMENT_MILLIS: 'x',
    };
    const readWrongConfig = () => readConfig(env);
    for (const name of [
      ...Object.keys(env),
      'INTERNAL_KEY',
      'AUDIT_URL',
      'JWT_JWKS_URL',
      'JWT_ISSUER',
      'JWT_AUDIENCE',
    ]) {
      expect(readWrongConfig).toThrow(new RegExp(`^  ${name}: `, 'm'));
    }
    expect(readWrongConfig).not.toThrow(/segredo|curta|70000/);
  });

  it('has by default 100 ms for a connection and 500 ms for a statement', async () => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    const { base, port } = readConfig({ ...environment.env, SCORE_PORT: '' });
    await environment.close();
    await bases.drop();
    expect(base).toMatchObject({ budget: { acquireMillis: 100, statementMillis: 500 }, connections: 10 });
    expect(port).toBe(4002);
  });
});

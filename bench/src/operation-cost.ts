import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import pg from 'pg';
import { type CostOperation, costOperations } from './cost-operations.ts';
import { median } from './measurements.ts';
import { cpuTicks, MILLIS_PER_TICK } from './cpu-ticks.ts';
import { descendants, readIfExists } from './memory.ts';
import { startBenchSystem } from './system.ts';

const command = {
  name: 'npm run bench:cost',
  about:
    'Measures what operations cost in CPU and statements beside the cost that the router estimates, in about five minutes. Linux only.',
  options: {},
};

/** A budget above every operation of the bench, and times that no busy machine exceeds. */
const SETTINGS: Readonly<Record<string, string>> = {
  MAX_OPERATION_COST: '1000000',
  ...Object.fromEntries(
    [
      'BASE_A_ACQUIRE_MILLIS',
      'BASE_A_STATEMENT_MILLIS',
      'BASE_B_ACQUIRE_MILLIS',
      'BASE_B_STATEMENT_MILLIS',
      'BASE_C_ACQUIRE_MILLIS',
      'BASE_C_STATEMENT_MILLIS',
      'AUDIT_READER_TIMEOUT_MILLIS',
      'AUDIT_TIMEOUT_MILLIS',
      'SEARCH_MILLIS',
      'DEBT_TIMEOUT_MILLIS',
      'SCORE_TIMEOUT_MILLIS',
      'EVENT_TIMEOUT_MILLIS',
      'REQUEST_TIMEOUT_MILLIS',
    ].map((name) => [name, '20000']),
  ),
};
const WARM_SECONDS = 60;
const ROUNDS = 3;
const ROUND_SECONDS = 0.5;
const CALLERS = 4;
/** A session of PostgreSQL tells its transactions at most once a second. */
const STATISTICS_MILLIS = 1_200;

interface Measured extends CostOperation {
  readonly estimate: number;
  readonly actual: number;
  readonly bytes: number;
  /** Of the whole system: router, subgraphs and PostgreSQL. */
  readonly cpuMillis: number;
  readonly postgresMillis: number;
  readonly statements: number;
  readonly slowestMillis: number;
}

interface CpuTicks {
  readonly node: number;
  readonly postgres: number;
}

function readTicks(pids: readonly number[]): CpuTicks {
  const ticks = cpuTicks(pids);
  const postgres = ticks.get('PostgreSQL') ?? 0;
  return { node: ticks.values().reduce((sum, value) => sum + value, 0) - postgres, postgres };
}

/** A correlation of 1 means that the one is proportional to the other, with a constant. */
function correlationOf(pairs: readonly (readonly [number, number])[]): number {
  const mean = (index: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[index], 0) / pairs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

async function measure(): Promise<void> {
  Object.assign(process.env, SETTINGS);
  const system = await startBenchSystem();
  const [databaseUrl] = descendants(system.supervisor.pid!).flatMap(
    (pid) => /(?:^|\0)BASE_A_URL=([^\0]*)/.exec(readIfExists(`/proc/${pid}/environ`))?.[1] ?? [],
  );
  const database = new pg.Client({ connectionString: databaseUrl });
  try {
    await database.connect();
    const { rows } = await database.query<{ cpf: string }>('SELECT cpf FROM pessoa ORDER BY cpf OFFSET 100 LIMIT 100');
    const cpfs = rows.map(({ cpf }) => cpf);
    const keys = await ensureDevelopmentKeys(system.home);
    const token = await mintToken(keys.privateJwk, { consentimento: cpfs });

    const ask = async ({ query, people }: CostOperation) => {
      const response = await fetch(`${system.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-cost': 'true' },
        body: JSON.stringify({ query, variables: { cpfs: cpfs.slice(0, people) } }),
      });
      const body = await response.text();
      if (response.status !== 200 || body.includes('"errors"')) throw new Error(`${query}: ${body.slice(0, 300)}`);
      const header = (name: string): number => Number(response.headers.get(name));
      return { estimate: header('x-cost-estimate'), actual: header('x-cost-actual'), bytes: body.length };
    };
    const transactions = async (): Promise<number> => {
      await sleep(STATISTICS_MILLIS);
      await database.query('SELECT pg_stat_clear_snapshot()');
      const { rows: sums } = await database.query<{ sum: string }>('SELECT sum(xact_commit) AS sum FROM pg_stat_database WHERE datname IS NOT NULL'); // prettier-ignore
      return Number(sums[0]!.sum);
    };

    // V8 compiles for long after the first requests.
    const warmUntil = performance.now() + WARM_SECONDS * 1_000;
    const warmUp = async (caller: number): Promise<void> => {
      for (let index = caller; performance.now() < warmUntil; index++)
        await ask(costOperations[index % costOperations.length]!);
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, caller) => warmUp(caller * 7)));

    const measured: Measured[] = [];
    for (const operation of costOperations) {
      const cpu: number[] = [];
      const postgres: number[] = [];
      let slowestMillis = 0;
      let total = 0;
      const before = await transactions();
      for (let round = 0; round < ROUNDS; round++) {
        const pids = descendants(system.supervisor.pid!);
        const start = readTicks(pids);
        const startedAt = performance.now();
        let count = 0;
        const caller = async (): Promise<void> => {
          while (performance.now() - startedAt < ROUND_SECONDS * 1_000) {
            const sentAt = performance.now();
            await ask(operation);
            slowestMillis = Math.max(slowestMillis, performance.now() - sentAt);
            count++;
          }
        };
        await Promise.all(Array.from({ length: CALLERS }, caller));
        const end = readTicks(pids);
        total += count;
        postgres.push(((end.postgres - start.postgres) * MILLIS_PER_TICK) / count);
        cpu.push(((end.node + end.postgres - start.node - start.postgres) * MILLIS_PER_TICK) / count);
      }
      const statements = ((await transactions()) - before) / total;
      const row = {
        ...operation,
        ...(await ask(operation)),
        cpuMillis: median(cpu),
        postgresMillis: median(postgres),
        statements,
        slowestMillis,
      };
      measured.push(row);
      console.log(
        [operation.name, operation.people, row.estimate, row.actual, row.cpuMillis.toFixed(1), row.postgresMillis.toFixed(1), row.statements.toFixed(1), row.bytes, row.slowestMillis.toFixed(0), (row.cpuMillis * 1000 / row.actual).toFixed(0)].join(' | '), // prettier-ignore
      );
    }
    console.log('correlation of actual cost and CPU', correlationOf(measured.map(({ actual, cpuMillis }) => [actual, cpuMillis])).toFixed(3)); // prettier-ignore
    console.log('of logarithms', correlationOf(measured.map(({ actual, cpuMillis }) => [Math.log(actual), Math.log(cpuMillis)])).toFixed(3)); // prettier-ignore
  } finally {
    await database.end();
    await system.stop();
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});

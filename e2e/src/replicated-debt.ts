import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '@pessoa/debt/config';
import { startDebt } from '@pessoa/debt/debt-subgraph';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { asRouter } from '@pessoa/testkit/as-router';
import { type ServiceClient, serviceClient } from '@pessoa/testkit/service-client';
import { openTestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import type { ReplicaServers } from './replica-servers.ts';

/** A running Debt over a Base A with a replica, asked by a test all the time. */
export interface ReplicatedDebt extends ServiceClient {
  /** Reads so far, by `origin reason`, as /metrics has them. */
  reads(): Promise<Record<string, number>>;
  lagSeconds(): Promise<number>;
  logLines(): string[];
  close(): Promise<void>;
}

export async function startReplicatedDebt(
  servers: ReplicaServers,
  variables: Record<string, string> = {},
): Promise<ReplicatedDebt> {
  const bases = await openTestBases(); // for the audit
  const environment = await createTestEnvironment(bases);
  const { BASE_A_URL, BASE_A_REPLICA_URL } = servers.env;
  const env = { ...environment.env, AUDIT_TIMEOUT_MILLIS: '10000', BASE_A_URL, BASE_A_REPLICA_URL, ...variables };
  const service = await startDebt(readConfig(env), environment.logger);
  const metric = async (name: string) => {
    const text = await (await fetch(`${service.metricsUrl}/metrics`)).text();
    return [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'))].map(([, labels, value]) => ({
      label: (key: string) => new RegExp(`${key}="([^"]*)"`).exec(labels!)?.[1],
      value: Number(value!.replace('+Inf', 'Infinity')),
    }));
  };
  return {
    ...serviceClient(service.url, await environment.token(), asRouter(environment.env, 'debt')),
    async reads() {
      const series = await metric('pessoa_base_reads_total');
      return Object.fromEntries(series.map(({ label, value }) => [`${label('origin')} ${label('reason')}`, value]));
    },
    lagSeconds: async () => (await metric('pessoa_replica_lag_seconds'))[0]!.value,
    logLines: environment.logLines,
    async close() {
      await service.close();
      await environment.close();
      await bases.drop();
    },
  };
}

/** The CPF of each of Base A's people in a test, by number. */
export const cpfOf = (person: number): string => cpfFromBase(String(200_000_000 + person));

/** Puts people into Base A with as many debts as asked, dealt out to them in turn; `valor_original` is 1. */
export async function fillBaseA({ onPublisher }: ReplicaServers, people: number, debts: number): Promise<void> {
  const cpfs = Array.from({ length: people }, (_, person) => cpfOf(person));
  await onPublisher.query(`INSERT INTO credor VALUES ('credor-1', 'Banco Fictício', '11222333000181')`);
  await onPublisher.query(`INSERT INTO pessoa SELECT cpf, 'Ana Fictícia', 'REGULAR' FROM unnest($1::text[]) cpf`, [
    cpfs,
  ]);
  await onPublisher.query(
    `INSERT INTO divida SELECT 'divida-' || n, ($1::text[])[1 + n % $2], 'credor-1', '0012345678', 'OUTROS', 'PEFIN',
       'EM_ABERTO', 1, NULL, current_date - 100 - n % 50, current_date - 50, current_date - 60, NULL, true, 'SP'
     FROM generate_series(0, $3 - 1) n`,
    [cpfs, people, debts],
  );
}

/** One hash over all that a service reads of a table, in the order of its key. */
export async function hashOf(
  pool: ReplicaServers['onPublisher'],
  table: string,
): Promise<{ rows: number; hash: string }> {
  const { rows } = await pool.query<{ rows: number; hash: string }>(
    `SELECT count(*)::int AS rows, md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")) AS hash FROM ${table} t`,
  );
  return rows[0]!;
}

/** Waits for something to become true. @returns seconds it took */
export async function until(what: string, isTrue: () => Promise<boolean>, withinSeconds = 60): Promise<number> {
  const startedAtMillis = performance.now();
  const seconds = (): number => (performance.now() - startedAtMillis) / 1_000;
  while (!(await isTrue())) {
    if (seconds() > withinSeconds) throw new Error(`not within ${withinSeconds} s: ${what}`);
    await sleep(100);
  }
  return seconds();
}

/** What came of requests that were sent one after the other, without a pause, while something else went on. */
export interface Asked {
  readonly answered: number;
  readonly marked: number;
  /** Codes of the errors. */
  readonly codes: readonly string[];
  readonly slowestMillis: number;
}

const QUERY = `query ($cpf: CPF!) { pessoa(cpf: $cpf) {
  nome dividas(first: 5) { desatualizado totalCount nodes { id valorOriginal credor { nome } } } } }`;

/** @returns what stops asking and tells what came of it */
export function keepAsking(debt: ReplicatedDebt, people: number): () => Promise<Asked> {
  let isStopped = false;
  const counts = { answered: 0, marked: 0, codes: [] as string[], slowestMillis: 0 };
  const asking = (async () => {
    for (let person = 0; !isStopped; person = (person + 1) % people) {
      const startedAtMillis = performance.now();
      const { body } = await debt.ask(QUERY, { variables: { cpf: cpfOf(person) } });
      counts.slowestMillis = Math.max(counts.slowestMillis, performance.now() - startedAtMillis);
      const { pessoa } = body.data as unknown as {
        pessoa: { nome: string | null; dividas: { desatualizado: boolean; nodes: unknown[] } | null };
      };
      for (const error of body.errors ?? []) counts.codes.push(error.extensions?.code ?? '');
      if (pessoa.nome !== null && pessoa.dividas?.nodes.length === 5) counts.answered++;
      if (pessoa.dividas?.desatualizado) counts.marked++;
      await sleep(5); // the machine has two cores, and the servers need them
    }
  })();
  return async () => {
    isStopped = true;
    await asking;
    return counts;
  };
}

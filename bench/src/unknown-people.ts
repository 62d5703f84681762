import { cpfFromBase } from '@pessoa/domain/cpf';
import { ensureDevelopmentKeys, mintToken, type TokenRequest } from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { Pool } from 'undici';
import { median } from './measurements.ts';
import { type BenchSystem, knownCpfs, startBenchSystem } from './system.ts';

takeNoArguments({
  name: 'npm run bench:unknown',
  about:
    'Compares the times and shapes of refusals about people who are known and people who are not, at the router and at each subgraph. About three minutes. Exit code 1 when they tell the two apart.',
  options: {},
});

const PEOPLE = 200;
const WARM_UP = 300;
const PAIRS = 2_000;
/** Times beyond this quantile are left out: they are pauses of the machine. */
const QUANTILE = 0.9;
/** Above this, the times of two classes differ with near certainty (dudect, Reparaz and others, 2017). */
const T_MAX = 4.5;

interface Refusal {
  readonly name: string;
  readonly token: TokenRequest;
  readonly path: (cpf: string) => string;
  readonly port: string;
  readonly body?: (cpf: string) => string;
}

const OPERATION =
  'query ($cpf: CPF!) { pessoa(cpf: $cpf) { dividas { totalCount } score { valor } eventos { movimentacaoFinanceira { totalCount } } } }';
const body = (cpf: string): string => JSON.stringify({ query: OPERATION, variables: { cpf } });
const graphql = { path: () => '/graphql', body, port: 'ROUTER_PORT' };

const refusals: readonly Refusal[] = [
  { name: 'the graph without a scope', ...graphql, token: { scope: 'outro' } },
  { name: 'the graph for another holder', ...graphql, token: { cpf: cpfFromBase('999999990') } },
  ...['ROUTER_PORT', 'DEBT_PORT'].map((port) => ({
    name: `GET /divida without a scope, ${port}`, port, token: { scope: 'outro' }, path: (cpf: string) => `/divida/${cpf}`,
  })),
  ...['ROUTER_PORT', 'SCORE_PORT'].map((port) => ({
    name: `GET /score without a scope, ${port}`, port, token: { scope: 'outro' }, path: (cpf: string) => `/score/${cpf}`,
  })),
  ...['ROUTER_PORT', 'EVENT_PORT'].map((port) => ({
    name: `GET /evento/movtofinanceiro without consent, ${port}`, port, token: { consentimento: [] }, path: (cpf: string) => `/evento/movtofinanceiro/${cpf}`,
  })),
]; // prettier-ignore

/** The bench must tell the two apart by its times: else it would find nothing in the refusals either. */
const control: Refusal = {
  name: 'control: the main query with every right',
  ...graphql,
  body: (cpf) => JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf } }),
  token: {},
};

/** Errors in the order of their paths: they come in the order in which the subgraphs answered. */
function shapeOf(text: string, cpf: string): string {
  const answer = JSON.parse(text.replaceAll(cpf, 'CPF').replaceAll(/[\da-f-]{36}/g, 'id')) as { errors?: object[] };
  answer.errors?.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  return JSON.stringify(answer);
}

/** Welch's t of two samples, each without its largest tenth. */
function welchT(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [left, right].map((values) => {
    const kept = values.toSorted((x, y) => x - y).slice(0, Math.floor(values.length * QUANTILE));
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1);
    return { mean, squaredError: variance / kept.length };
  }) as [{ mean: number; squaredError: number }, { mean: number; squaredError: number }];
  return (a.mean - b.mean) / Math.sqrt(a.squaredError + b.squaredError);
}

async function compare(system: BenchSystem, refusal: Refusal): Promise<{ shapes: ReadonlySet<string>; t: number }> {
  const { privateJwk } = await ensureDevelopmentKeys(system.home);
  const token = await mintToken(privateJwk, refusal.token);
  const pool = new Pool(`http://127.0.0.1:${system.ports[refusal.port]}`, { connections: 1 });
  const known = knownCpfs(PEOPLE);
  const unknown = Array.from({ length: PEOPLE }, (_, index) => cpfFromBase(String(987_000_000 + index * 7)));
  const shapes = new Set<string>();
  async function timeOf(cpf: string): Promise<number> {
    const startedAt = performance.now();
    const answer = await pool.request({
      method: refusal.body ? 'POST' : 'GET',
      path: refusal.path(cpf),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: refusal.body?.(cpf) ?? null,
    });
    const text = await answer.body.text();
    const millis = performance.now() - startedAt;
    shapes.add(JSON.stringify([answer.statusCode, Object.keys(answer.headers), shapeOf(text, cpf)]));
    return millis;
  }
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let pair = -WARM_UP; pair < PAIRS; pair++) {
    // Neither class is always first.
    const order = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const kind of order) {
      const people = kind === 'known' ? known : unknown;
      const millis = await timeOf(people[Math.floor(Math.random() * PEOPLE)]!);
      if (pair >= 0) times[kind].push(millis);
    }
  }
  await pool.close();
  const t = welchT(times.known, times.unknown);
  console.log(
    `${refusal.name}: known ${median(times.known).toFixed(3)} ms, unknown ${median(times.unknown).toFixed(3)} ms, t ${t.toFixed(2)}; ${shapes.size} shape(s): ${JSON.parse([...shapes][0]!)[0]}`,
  );
  return { shapes, t };
}

const system = await startBenchSystem();
try {
  for (const refusal of refusals) {
    const { shapes, t } = await compare(system, refusal);
    if (shapes.size !== 1) console.log([...shapes].join('\n'));
    if (shapes.size !== 1 || Math.abs(t) >= T_MAX) process.exitCode = 1;
  }
  if (Math.abs((await compare(system, control)).t) < T_MAX) process.exitCode = 1;
} finally {
  await system.stop();
}

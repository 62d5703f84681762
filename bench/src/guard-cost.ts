import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@pessoa/service/processes/free-port';
import { openConnections } from '@pessoa/operations/system/connections';
import { ensureDevelopmentKeys, mintToken, type TokenRequest } from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { takeNoArguments } from '@pessoa/service/processes/command-line';
import autocannon from 'autocannon';
import pg from 'pg';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import { median } from './measurements.ts';
import { profileShare } from './profile-share.ts';
import { type BenchSystem, startBenchSystem } from './system.ts';

takeNoArguments({
  name: 'npm run bench:guard',
  about:
    'Measures what the guard before planning costs the router, and what denied operations cost. About three minutes.',
  options: {},
});

const CONNECTIONS = 16;
/** What 500 people are asked over: more of them wait for a turn past the time of a request. */
const CONNECTIONS_OF_HUNDRED = 2;
const ROUNDS = 7;
const BUDGET_MICROS = 6;

/** Five root fields, and eight fields of each person. */
const HUNDRED_PEOPLE = `query ($cpfs: [CPF!]!) { ${[1, 2, 3, 4, 5]
  .map(
    (root) => `p${root}: pessoas(cpfs: $cpfs) {
    nome situacaoCadastral resumoDividas { quantidade } score { valor faixa modelo calculadoEm } perfil { idade }
  }`,
  )
  .join(' ')} }`;

interface Load {
  readonly name: string;
  readonly request: { readonly query: string; readonly variables: object };
  readonly token: TokenRequest;
  readonly requestsPerRound: number;
  readonly connections: number;
}

interface Figures {
  readonly cpuMicros: number;
  /** CPU of the router a request in the guard's own code and what it calls. */
  readonly guardMicros: number;
  readonly medianMillis: number;
}

/** Code of the filter, and of the router around it. The check of the token is no part of it. */
const isGuard = (url: string): boolean =>
  /\/graphql-jwt-guard\/src\/(operation|directives)\/|\/router\/src\/authorization\//.test(url);

async function measure(system: BenchSystem): Promise<Map<string, Figures>> {
  const { privateJwk } = await ensureDevelopmentKeys(system.home);
  const { auditoria, baseA } = await openConnections({ PESSOA_HOME: system.home });
  const port = await freePort();
  const router = await startMeasured(
    '../../router/src/main.ts',
    { ...system.env, AUDIT_URL: auditoria.url, ROUTER_PORT: String(port), MEASURED_URL: `http://127.0.0.1:${port}` },
    './report-cpu.ts',
  );
  try {
    while ((await fetch(`${router.url}/health/ready`).catch(() => undefined))?.status !== 200) await sleep(100);
    const consentimento = [system.exampleCpf];
    const one = { query: EXAMPLE_QUERY, variables: { cpf: system.exampleCpf } };
    const hundred = { query: HUNDRED_PEOPLE, variables: { cpfs: await hundredCpfs(baseA.url) } };
    const loads: Load[] = [
      {
        name: 'one person, answered',
        request: one,
        token: { consentimento },
        requestsPerRound: 1_000,
        connections: CONNECTIONS,
      },
      {
        name: 'one person, Event denied',
        request: one,
        token: { consentimento, scope: 'divida:read score:read' },
        requestsPerRound: 1_000,
        connections: CONNECTIONS,
      },
      {
        name: 'one person, wholly denied',
        request: one,
        token: { scope: 'outro' },
        requestsPerRound: 1_000,
        connections: CONNECTIONS,
      },
      {
        name: '5 × 100 people × 8 fields, answered',
        request: hundred,
        token: {},
        requestsPerRound: 30,
        connections: CONNECTIONS_OF_HUNDRED,
      },
      {
        name: '5 × 100 people × 8 fields, wholly denied',
        request: hundred,
        token: { scope: 'outro' },
        requestsPerRound: 30,
        connections: CONNECTIONS_OF_HUNDRED,
      },
    ];
    const senders = await Promise.all(
      loads.map(async (load) => ({ load, send: sender(router, load, await mintToken(privateJwk, load.token)) })),
    );
    for (const { load, send } of senders) await send(5 * load.requestsPerRound);
    const rounds: Map<string, { cpuMicros: number; medianMillis: number }>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const results = new Map<string, { cpuMicros: number; medianMillis: number }>();
      for (const { load, send } of senders) results.set(load.name, await send(load.requestsPerRound));
      rounds.push(results);
    }
    const figures = new Map<string, Figures>();
    for (const { load, send } of senders) {
      const cpuMicros = median(rounds.map((round) => round.get(load.name)!.cpuMicros));
      const medianMillis = median(rounds.map((round) => round.get(load.name)!.medianMillis));
      const share = profileShare(await router.profile(() => send(3 * load.requestsPerRound)), isGuard);
      figures.set(load.name, { cpuMicros, medianMillis, guardMicros: share * cpuMicros });
    }
    return figures;
  } finally {
    await router.stop();
  }
}

function sender(router: MeasuredProcess, { request, name, connections }: Load, token: string) {
  return async (amount: number) => {
    const before = await router.cpuMicros();
    const result = await autocannon({
      url: `${router.url}/graphql`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(request),
      connections,
      amount,
    });
    const failed = result.non2xx + result.errors;
    if (failed > 0) throw new Error(`${failed} requests failed: ${name}: ${JSON.stringify(result.statusCodeStats)}`);
    return { cpuMicros: ((await router.cpuMicros()) - before) / amount, medianMillis: result.latency.p50 };
  };
}

async function hundredCpfs(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ cpf: string }>('SELECT cpf FROM pessoa ORDER BY cpf LIMIT 100');
    return rows.map(({ cpf }) => cpf);
  } finally {
    await client.end();
  }
}

const system = await startBenchSystem();
try {
  const figures = await measure(system);
  for (const [name, { cpuMicros, guardMicros, medianMillis }] of figures)
    console.log(
      `${name}: ${cpuMicros.toFixed(0)} us of CPU a request, of it the guard ${guardMicros.toFixed(1)} us; p50 ${medianMillis} ms`,
    );
  const micros = (name: string): number => figures.get(name)!.cpuMicros;
  const guardMicros = Math.max(
    figures.get('one person, answered')!.guardMicros,
    figures.get('one person, Event denied')!.guardMicros,
  );
  const ratios = {
    one: micros('one person, wholly denied') / micros('one person, answered'),
    hundred: micros('5 × 100 people × 8 fields, wholly denied') / micros('5 × 100 people × 8 fields, answered'),
  };
  console.log(
    `wholly denied beside answered: ${ratios.one.toFixed(2)} for one person, ${ratios.hundred.toFixed(3)} for 5 × 100`,
  );
  if (guardMicros > BUDGET_MICROS || ratios.one >= 1 || ratios.hundred >= 1) process.exitCode = 1;
} finally {
  await system.stop();
}

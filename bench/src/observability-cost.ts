import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections } from '@pessoa/operations/system/connections';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { freePort } from '@pessoa/service/processes/free-port';
import autocannon from 'autocannon';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import { errorOfMedian, median } from './measurements.ts';
import { startReplayedSubgraphs } from './routers/replayed-subgraphs.ts';
import { AMPLE_LIMITS, type BenchRequest, connectionTokens, startBenchSystem } from './system.ts';

takeNoArguments({
  name: 'npm run bench:observability',
  about:
    'Measures what metrics and traces cost the router, over replayed subgraphs: without both, with metrics, and with traces sampled at 1 % too. About three minutes.',
  options: {},
});

const CONNECTIONS = 16;
const WARM_UP_REQUESTS = 3_000;
const REQUESTS_PER_ROUND = 800;
/** Short rounds, and many: each is beside its like while the machine changes. */
const ROUNDS = 41;
const BUDGET_MICROS = 15;

/** A collector that takes spans and drops them. */
async function startCollector(): Promise<{ url: string; received(): number; close(): void }> {
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received: () => received, close: () => server.close() };
}

/** The second one tells what the differences are worth: it should cost nothing. */
const sides = ['neither', 'neither, again', 'metrics', 'metrics and traces'] as const;
type Side = (typeof sides)[number];

interface RunningSide {
  readonly router: MeasuredProcess;
  readonly metricsPort: number | undefined;
}

async function startSide(side: Side, env: NodeJS.ProcessEnv, collectorUrl: string): Promise<RunningSide> {
  const port = await freePort();
  const metricsPort = side.startsWith('neither') ? undefined : await freePort();
  const router = await startMeasured(
    '../../router/src/main.ts',
    {
      ...env,
      ROUTER_PORT: String(port),
      MEASURED_URL: `http://127.0.0.1:${port}`,
      ROUTER_METRICS_PORT: String(metricsPort ?? 'off'),
      ...(side === 'metrics and traces' && {
        OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.01',
      }),
    },
    './report-cpu.ts',
  );
  // Ready it would never be: replayed subgraphs have no health.
  while ((await fetch(`${router.url}/health/live`).catch(() => undefined))?.status !== 200) await sleep(100);
  return { router, metricsPort };
}

/** @returns microseconds of the router's CPU per request, with one scrape of its metrics in each round */
async function load(
  { router, metricsPort }: RunningSide,
  requests: readonly BenchRequest[],
  amount: number,
): Promise<number> {
  const before = await router.cpuMicros();
  let next = 0;
  const result = await autocannon({
    url: `${router.url}/graphql`,
    method: 'POST',
    connections: CONNECTIONS,
    amount,
    setupClient(client) {
      const { headers, body } = requests[next++]!;
      client.setHeadersAndBody(headers, body);
    },
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed`);
  if (metricsPort !== undefined) await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return ((await router.cpuMicros()) - before) / amount;
}

const system = await startBenchSystem({ ...AMPLE_LIMITS, TOPOLOGY: 'separate' });
const connections = await openConnections({ PESSOA_HOME: system.home });
const subgraphs = await startReplayedSubgraphs(system.env);
const collector = await startCollector();
const running = new Map<Side, RunningSide>();
try {
  const env = { ...subgraphs.env, AUDIT_URL: connections.auditoria.url };
  for (const side of sides) running.set(side, await startSide(side, env, collector.url));
  const tokens = await connectionTokens(system.home, [system.exampleCpf], CONNECTIONS);
  const requests = tokens.map((token): BenchRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf: system.exampleCpf } }),
  }));
  for (const side of running.values()) await load(side, requests, WARM_UP_REQUESTS);
  const rounds: Record<Side, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const micros = {} as Record<Side, number>;
    // Each round begins with another side.
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length]!;
      micros[side] = await load(running.get(side)!, requests, REQUESTS_PER_ROUND);
    }
    rounds.push(micros);
  }
  for (const side of sides)
    console.log(`${side}: ${median(rounds.map((micros) => micros[side])).toFixed(0)} us of CPU a request`);
  const differences = (side: Side): number[] => rounds.map((micros) => micros[side] - micros.neither);
  for (const side of sides.slice(1)) {
    const own = differences(side);
    console.log(`${side}: ${median(own).toFixed(1)} us more, give or take ${errorOfMedian(own).toFixed(1)}`);
  }
  console.log(`${collector.received()} exports; load of the machine ${loadavg()[0]!.toFixed(1)}`);
  if (collector.received() === 0) throw new Error('no span has reached the collector');
  if (median(differences('metrics and traces')) > BUDGET_MICROS) process.exitCode = 1;
} finally {
  for (const { router } of running.values()) await router.stop();
  collector.close();
  await subgraphs.stop();
  await connections.close();
  await system.stop();
}

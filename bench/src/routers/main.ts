import { isDeepStrictEqual } from 'node:util';
import { type PerService, serviceNames } from '@pessoa/domain/services';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { runCommand, readArguments } from '@pessoa/service/processes/command-line';
import autocannon from 'autocannon';
import { cpuTicks, MILLIS_PER_TICK } from '../cpu-ticks.ts';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import { median } from '../measurements.ts';
import { descendants, rssMib } from '../memory.ts';
import { knownCpfs, AMPLE_LIMITS, startBenchSystem } from '../system.ts';
import { type BenchOperation, CONSENTS, OPERATIONS, variablesOf } from './operations.ts';
import { startPeers } from './peers.ts';

const command = {
  name: 'npm run bench:routers',
  about:
    'Measures the router beside a fan-out by hand and routers of others over the same replayed subgraphs, in about ten minutes. Linux only.',
  options: {},
};

const PEOPLE = 100;
const ROUNDS = 4;
/** Requests before the first round, as a multiple of those of a round. */
const WARM_UP = 2;

interface Router {
  readonly title: string;
  readonly url: string;
  readonly pid: number;
}

interface Figure {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface BenchRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** One request for each connection, with people and a token of its own: equal requests of one caller would share calls in our router alone. */
async function requestsOf(
  operation: BenchOperation,
  tokenFor: (cpfs: string[]) => Promise<string>,
): Promise<BenchRequest[]> {
  const people = knownCpfs(PEOPLE);
  return Promise.all(
    Array.from({ length: Math.max(...operation.connections) }, async (_, index) => {
      const cpfs = [...people.slice(index), ...people.slice(0, index)];
      return {
        method: 'POST' as const,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await tokenFor(cpfs.slice(0, CONSENTS))}`,
        },
        body: JSON.stringify({ query: operation.query, variables: variablesOf(operation, cpfs) }),
      };
    }),
  );
}

async function load(
  router: Router,
  each: readonly BenchRequest[],
  connections: number,
  amount: number,
): Promise<Figure> {
  const pids = descendants(router.pid);
  const ticks = (): number => [...cpuTicks(pids).values()].reduce((sum, value) => sum + value, 0);
  let next = 0;
  const before = ticks();
  const { non2xx, errors, requests, latency } = await autocannon({
    url: router.url,
    method: 'POST',
    connections,
    amount,
    setupClient(client) {
      const { headers, body } = each[next++]!;
      client.setHeadersAndBody(headers, body);
    },
  });
  if (non2xx + errors > 0) throw new Error(`${router.title}: ${non2xx + errors} requests failed`);
  const cpuMicros = ((ticks() - before) * MILLIS_PER_TICK * 1_000) / amount;
  return { cpuMicros, requestsPerSecond: requests.average, p50: latency.p50, p99: latency.p99 };
}

/** @returns those that answer as the first one; the others are printed */
async function routersThatAgree(
  routers: readonly Router[],
  operation: BenchOperation,
  request: BenchRequest,
): Promise<Router[]> {
  const answers = await Promise.all(
    routers.map(async (router) => ({
      router,
      answer: (await (await fetch(router.url, request)).json()) as { data?: unknown; errors?: unknown },
    })),
  );
  const expected = answers[0]!.answer;
  if (expected.errors) throw new Error(`${operation.title} fails: ${JSON.stringify(expected.errors).slice(0, 300)}`);
  return answers
    .filter(({ router, answer }) => {
      const agrees = !answer.errors && isDeepStrictEqual(answer.data, expected.data);
      if (!agrees)
        console.log(`${router.title} answers ${operation.title} differently: ${JSON.stringify(answer).slice(0, 300)}`);
      return agrees;
    })
    .map(({ router }) => router);
}

async function measureOperation(
  routers: readonly Router[],
  operation: BenchOperation,
  tokenFor: (cpfs: string[]) => Promise<string>,
): Promise<void> {
  const each = await requestsOf(operation, tokenFor);
  const agreeing = await routersThatAgree(routers, operation, each[0]!);
  for (const connections of operation.connections) {
    for (const router of agreeing) await load(router, each, connections, WARM_UP * operation.requests);
    const rounds: Map<Router, Figure>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const figures = new Map<Router, Figure>();
      for (const router of agreeing) figures.set(router, await load(router, each, connections, operation.requests));
      rounds.push(figures);
    }
    const [ours] = agreeing;
    for (const router of agreeing) {
      const of = (value: (figure: Figure) => number): number =>
        median(rounds.map((figures) => value(figures.get(router)!)));
      const ratios = rounds
        .map((figures) => figures.get(ours!)!.cpuMicros / figures.get(router)!.cpuMicros)
        .sort((a, b) => a - b);
      console.log(
        `| ${operation.title}, ${connections} connections | ${router.title} | ${of(({ cpuMicros }) => cpuMicros).toFixed(0)} us | ${median(ratios).toFixed(2)} (${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)}) | ${of(({ requestsPerSecond }) => requestsPerSecond).toFixed(0)} | ${of(({ p50 }) => p50)} ms, ${of(({ p99 }) => p99)} ms | ${rssMib(router.pid).toFixed(0)} MiB |`,
      );
    }
  }
}

async function measure(): Promise<void> {
  const system = await startBenchSystem({ ...AMPLE_LIMITS, TOPOLOGY: 'separate' });
  const stops: (() => unknown)[] = [() => system.stop()];
  const started = async (title: string, script: string, env: NodeJS.ProcessEnv): Promise<MeasuredProcess & Router> => {
    const measured = await startMeasured(script, env);
    stops.unshift(() => measured.stop());
    return Object.assign(measured, { title });
  };
  try {
    const replay = await started('subgraphs', './routers/replay.ts', system.env);
    const urls = JSON.parse(replay.url) as PerService<string>;
    const env = {
      ...system.env,
      ...Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, urls[name]])),
    };
    const ours = await started('Pessoa', './router-under-test.ts', env);
    const fanOut = await started('fan-out by hand', './routers/fan-out.ts', env);
    const quickStart = await started('Apollo, quick start', './quick-start.ts', env);
    const peers = await startPeers(urls);
    for (const peer of peers) stops.unshift(() => peer.stop());
    const routers = [{ title: ours.title, url: `${ours.url}/graphql`, pid: ours.pid }, fanOut, quickStart, ...peers];
    const { privateJwk } = await ensureDevelopmentKeys(system.home);
    const tokenFor = (consentimento: string[]) => mintToken(privateJwk, { consentimento });
    console.log('| operation | router | CPU a request | ours beside it | requests/s | p50, p99 | RSS |');
    console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
    for (const operation of OPERATIONS) await measureOperation(routers, operation, tokenFor);
  } finally {
    for (const stop of stops) await stop();
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});

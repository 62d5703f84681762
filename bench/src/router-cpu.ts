import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import autocannon from 'autocannon';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import { median } from './measurements.ts';
import { type BenchRequest, type BenchSystem, connectionTokens } from './system.ts';

const CONNECTIONS = 16;
// With fewer requests, V8 still compiles in the first rounds.
const WARM_UP_REQUESTS = 10_000;
const REQUESTS_PER_ROUND = 2_000;
const ROUNDS = 7;

export interface RouterCpu {
  readonly routerMicros: number;
  readonly quickStartMicros: number;
  /** The median of the ratios of all rounds. */
  readonly ratio: number;
  readonly answerBytes: number;
}

/** Measures the CPU per main query of the router's process, and of the quick start over the same three subgraphs. */
export async function measureRouterCpu(system: BenchSystem): Promise<RouterCpu> {
  const router = await startMeasured('./router-under-test.ts', system.env);
  const quickStart = await startMeasured('./quick-start.ts', system.env);
  try {
    const requests = await requestsOf(system);
    await load(router, `${router.url}/graphql`, requests, WARM_UP_REQUESTS);
    await load(quickStart, quickStart.url, requests, WARM_UP_REQUESTS);
    // After the warm-up: in the first requests of a loaded machine, sources may still be too slow.
    const answers = [
      await answerOf(`${router.url}/graphql`, requests[0]!),
      await answerOf(quickStart.url, requests[0]!),
    ];
    if (answers[0] !== answers[1]) throw new Error(`the two routers answer differently:\n${answers.join('\n')}`);
    const rounds: { router: number; quickStart: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        router: await load(router, `${router.url}/graphql`, requests, REQUESTS_PER_ROUND),
        quickStart: await load(quickStart, quickStart.url, requests, REQUESTS_PER_ROUND),
      });
    }
    return {
      routerMicros: median(rounds.map((round) => round.router)),
      quickStartMicros: median(rounds.map((round) => round.quickStart)),
      ratio: median(rounds.map((round) => round.router / round.quickStart)),
      answerBytes: Buffer.byteLength(answers[0]!),
    };
  } finally {
    await Promise.all([router.stop(), quickStart.stop()]);
  }
}

/** One request for each connection. */
async function requestsOf({ home, exampleCpf }: BenchSystem): Promise<BenchRequest[]> {
  const tokens = await connectionTokens(home, [exampleCpf], CONNECTIONS);
  return tokens.map((token) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf: exampleCpf } }),
  }));
}

async function answerOf(url: string, request: BenchRequest): Promise<string> {
  const response = await fetch(url, request);
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors) throw new Error(`the main query fails: ${JSON.stringify(errors)}`);
  return JSON.stringify(data);
}

/** @returns microseconds of the process's CPU per request */
async function load(
  measured: MeasuredProcess,
  url: string,
  requests: readonly BenchRequest[],
  amount: number,
): Promise<number> {
  const before = await measured.cpuMicros();
  let next = 0;
  const result = await autocannon({
    url,
    method: 'POST',
    connections: CONNECTIONS,
    amount,
    setupClient(client) {
      const { headers, body } = requests[next++]!;
      client.setHeadersAndBody(headers, body);
    },
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed`);
  return ((await measured.cpuMicros()) - before) / amount;
}

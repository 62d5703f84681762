import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import autocannon from 'autocannon';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import { median } from './median.ts';
import type { BenchSystem } from './system.ts';

const CONNECTIONS = 16;
// Fewer, and the compilers of V8 are still at work in the first rounds.
const WARM_UP_REQUESTS = 10_000;
const REQUESTS_A_ROUND = 2_000;
const ROUNDS = 7;

export interface RouterCpu {
  readonly oursMicros: number;
  readonly quickStartMicros: number;
  /** The median of the rounds' ratios: the two of a round ran one after the other. */
  readonly ratio: number;
  readonly answerBytes: number;
}

/** CPU per request of the router's process on the main query, beside the quick start over the same three subgraphs. */
export async function measureRouterCpu(system: BenchSystem): Promise<RouterCpu> {
  const ours = await startMeasured('./router-under-test.ts', system.env);
  const quickStart = await startMeasured('./quick-start.ts', system.env);
  try {
    const answers = [await ask(`${ours.url}/graphql`, system), await ask(quickStart.url, system)];
    if (answers[0] !== answers[1]) throw new Error(`the two routers answer differently:\n${answers.join('\n')}`);
    await load(ours, `${ours.url}/graphql`, system, WARM_UP_REQUESTS);
    await load(quickStart, quickStart.url, system, WARM_UP_REQUESTS);
    const rounds: { ours: number; quickStart: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        ours: await load(ours, `${ours.url}/graphql`, system, REQUESTS_A_ROUND),
        quickStart: await load(quickStart, quickStart.url, system, REQUESTS_A_ROUND),
      });
    }
    return {
      oursMicros: median(rounds.map((round) => round.ours)),
      quickStartMicros: median(rounds.map((round) => round.quickStart)),
      ratio: median(rounds.map((round) => round.ours / round.quickStart)),
      answerBytes: Buffer.byteLength(answers[0]!),
    };
  } finally {
    await Promise.all([ours.stop(), quickStart.stop()]);
  }
}

const requestOf = ({ token, exampleCpf }: BenchSystem) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf: exampleCpf } }),
});

async function ask(url: string, system: BenchSystem): Promise<string> {
  const response = await fetch(url, requestOf(system));
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors) throw new Error(`the main query fails: ${JSON.stringify(errors)}`);
  return JSON.stringify(data);
}

/** @returns microseconds of the process's CPU per request */
async function load(measured: MeasuredProcess, url: string, system: BenchSystem, amount: number): Promise<number> {
  const before = await measured.cpuMicros();
  const result = await autocannon({ url, ...requestOf(system), connections: CONNECTIONS, amount });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed`);
  return ((await measured.cpuMicros()) - before) / amount;
}

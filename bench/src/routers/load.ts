import { isDeepStrictEqual } from 'node:util';
import autocannon from 'autocannon';
import { cpuTicks, MILLIS_PER_TICK } from '../cpu-ticks.ts';
import { median, percentile } from '../measurements.ts';
import { descendants, rssMib } from '../memory.ts';
import { type BenchRequest, knownCpfs } from '../system.ts';
import { type BenchOperation, CONSENTS } from './operations.ts';

export interface Router {
  readonly title: string;
  readonly url: string;
  readonly pid: number;
  /** False: it knows nothing of the subgraphs, whose state does not change its answers. Default: true. */
  readonly asksSubgraphs?: boolean;
}

/** What a load cost. */
interface Load {
  readonly cpuMicros: number;
  /** CPU of the replayed subgraphs. */
  readonly subgraphMicros: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** The medians of a router's rounds. CPU is in microseconds a request, latencies are in milliseconds. */
export interface Figures extends Load {
  readonly title: string;
  /** Our CPU over that of this router: the median of the rounds, and the least and the most. */
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number };
  readonly rssMib: number;
}

const PEOPLE = 100;
/** Requests before the first round, as a multiple of those of a round. */
const WARM_UP = 2;

/** One request for each connection, with people and a token of its own: equal requests of one caller would share calls in our router alone. */
export async function requestsOf(
  { query, variables, connections }: BenchOperation,
  tokenFor: (cpfs: string[]) => Promise<string>,
): Promise<BenchRequest[]> {
  const people = knownCpfs(PEOPLE);
  return Promise.all(
    Array.from({ length: Math.max(...connections) }, async (_, index) => {
      const cpfs = [...people.slice(index), ...people.slice(0, index)];
      const authorization = `Bearer ${await tokenFor(cpfs.slice(0, CONSENTS))}`;
      return {
        method: 'POST' as const,
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables: variables(cpfs) }),
      };
    }),
  );
}

/** @returns those that answer every request as the first one does; the others are printed */
export async function routersThatAgree(
  routers: readonly Router[],
  { title }: BenchOperation,
  requests: readonly BenchRequest[],
): Promise<Router[]> {
  const disagreeing = new Set<Router>();
  for (const request of requests) {
    const answers: { router: Router; answer: { data?: unknown; errors?: unknown } }[] = [];
    for (const router of routers)
      answers.push({ router, answer: (await (await fetch(router.url, request)).json()) as { data?: unknown } });
    const expected = answers[0]!.answer;
    if (expected.errors) throw new Error(`${title} fails: ${JSON.stringify(expected.errors).slice(0, 300)}`);
    for (const { router, answer } of answers) {
      if (disagreeing.has(router) || (!answer.errors && isDeepStrictEqual(answer.data, expected.data))) continue;
      disagreeing.add(router);
      console.log(`${router.title} answers ${title} differently: ${JSON.stringify(answer).slice(0, 300)}`);
    }
  }
  return routers.filter((router) => !disagreeing.has(router));
}

const ticksOf = (pids: readonly number[]): number =>
  [...cpuTicks(pids).values()].reduce((sum, value) => sum + value, 0);

async function load(
  router: Router,
  subgraphsPid: number,
  each: readonly BenchRequest[],
  connections: number,
  amount: number,
): Promise<Load> {
  const pids = descendants(router.pid);
  let next = 0;
  const before = { router: ticksOf(pids), subgraphs: ticksOf([subgraphsPid]) };
  const times: number[] = [];
  const { non2xx, errors, requests } = await autocannon({
    url: router.url,
    method: 'POST',
    connections,
    amount,
    setupClient(client) {
      const { headers, body } = each[next++]!;
      client.setHeadersAndBody(headers, body);
      client.on('response', (_status, _bytes, millis) => times.push(millis));
    },
  });
  if (non2xx + errors > 0) throw new Error(`${router.title}: ${non2xx + errors} requests failed`);
  const microsOf = (ticks: number): number => (ticks * MILLIS_PER_TICK * 1_000) / amount;
  return {
    cpuMicros: microsOf(ticksOf(pids) - before.router),
    subgraphMicros: microsOf(ticksOf([subgraphsPid]) - before.subgraphs),
    requestsPerSecond: requests.average,
    p50: percentile(times, 0.5), // autocannon's own are whole milliseconds
    p99: percentile(times, 0.99),
  };
}

/** Measures routers in turn, in interleaved rounds. The first one is ours. */
export async function measureRounds(
  routers: readonly Router[],
  subgraphsPid: number,
  each: readonly BenchRequest[],
  { connections, requests, rounds }: { connections: number; requests: number; rounds: number },
): Promise<Figures[]> {
  for (const router of routers) await load(router, subgraphsPid, each, connections, WARM_UP * requests);
  const loads = routers.map((): Load[] => []);
  for (let round = 0; round < rounds; round++) {
    // Another one begins each round.
    const order = [...routers.keys()];
    for (const index of [...order.slice(round % order.length), ...order.slice(0, round % order.length)])
      loads[index]!.push(await load(routers[index]!, subgraphsPid, each, connections, requests));
  }
  return routers.map((router, index) => {
    const own = loads[index]!;
    const medianOf = (key: keyof Load): number => median(own.map((figure) => figure[key]));
    const ratios = own.map(({ cpuMicros }, round) => loads[0]![round]!.cpuMicros / cpuMicros);
    return {
      title: router.title,
      cpuMicros: medianOf('cpuMicros'),
      subgraphMicros: medianOf('subgraphMicros'),
      requestsPerSecond: medianOf('requestsPerSecond'),
      p50: medianOf('p50'),
      p99: medianOf('p99'),
      ratio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
      rssMib: rssMib(router.pid),
    };
  });
}

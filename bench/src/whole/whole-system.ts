import { isDeepStrictEqual } from 'node:util';
import { openConnections } from '@pessoa/operations/system/connections';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { type Command, readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import autocannon from 'autocannon';
import { cpuTicks, MILLIS_PER_TICK } from '../cpu-ticks.ts';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import { median, percentile } from '../measurements.ts';
import { descendants } from '../memory.ts';
import { PEOPLE as PEOPLE_QUERY } from '../routers/operations.ts';
import { AMPLE_LIMITS, type BenchSystem, connectionTokens, knownCpfs, startBenchSystem } from '../system.ts';

const command = {
  name: 'npm run bench:whole',
  about:
    'Measures the CPU of the whole system for the main query, PostgreSQL included, beside one process by hand over the same databases. Cold and warm caches, 1 and 16 connections, one person, 100 in turn and a list of 100. About ten minutes. TOPOLOGY is that of npm start. Linux only.',
  options: {
    caches: { type: 'string', value: 'CACHES', about: 'default: both', values: ['warm', 'cold'] },
    rounds: { type: 'string', value: 'N', about: 'default: 5' },
  },
} as const satisfies Command;

const PEOPLE = 100;
const WARM_UP = 3_000;
const CONNECTIONS_MAX = 16;
const SIDES = ['ours', 'byHand'] as const;
type Side = (typeof SIDES)[number];
const amountOf = (connections: number): number => (connections === 1 ? 500 : 1_500);

interface Figures {
  /** Microseconds of CPU a request, by process. */
  readonly micros: ReadonlyMap<string, number>;
  readonly total: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** A service under measurement. */
interface Target {
  readonly url: string;
  /** Microseconds of CPU of its processes so far, by name. */
  readonly cpu: () => Promise<Map<string, number>>;
}

const bodyOf = (cpf: string): string => JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf } });
const listBodyOf = (cpfs: readonly string[]): string => JSON.stringify({ query: PEOPLE_QUERY, variables: { cpfs } });

/** Requests of a client. */
interface Load {
  readonly title: string;
  readonly bodies: readonly string[];
  /** Fewer requests than those of one person, by this factor. */
  readonly weight: number;
}

const loadsOf = (people: readonly string[]): Load[] => [
  { title: 'one person', bodies: [bodyOf(people[0]!)], weight: 1 },
  { title: '100 people in turn', bodies: people.map(bodyOf), weight: 1 },
  { title: 'a list of 100 people', bodies: [listBodyOf(people)], weight: 15 },
];

function systemTarget({ url, supervisor }: BenchSystem): Target {
  return {
    url: `${url}/graphql`,
    cpu: async () => {
      const ticks = cpuTicks(descendants(supervisor.pid!));
      return new Map([...ticks].map(([name, value]) => [name, value * MILLIS_PER_TICK * 1_000]));
    },
  };
}

/** Its statements run in the PostgreSQL of the system. */
function byHandTarget(process: MeasuredProcess, system: Target): Target {
  return {
    url: process.url,
    cpu: async () => new Map([['by hand', await process.cpuMicros()], ['PostgreSQL', (await system.cpu()).get('PostgreSQL') ?? 0]]), // prettier-ignore
  };
}

async function measure(
  target: Target,
  tokens: readonly string[],
  bodies: readonly string[],
  connections: number,
  amount: number,
): Promise<Figures> {
  const before = await target.cpu();
  const times: number[] = [];
  let next = 0;
  const result = await autocannon({
    url: target.url,
    method: 'POST',
    connections,
    amount,
    setupClient(client) {
      const index = next++;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[index]!}` };
      const own = [...bodies.slice(index), ...bodies.slice(0, index)];
      client.setRequests(own.map((body) => ({ method: 'POST', path: '/graphql', headers, body })));
      client.on('response', (_status, _bytes, millis) => times.push(millis));
    },
  });
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${failed} requests failed: ${JSON.stringify(result.statusCodeStats)}`);
  const after = await target.cpu();
  const micros = new Map([...after].map(([name, value]) => [name, (value - (before.get(name) ?? 0)) / amount]));
  return {
    micros,
    total: [...micros.values()].reduce((sum, value) => sum + value, 0),
    perSecond: amount / result.duration,
    p50: percentile(times, 0.5), // autocannon's own are whole milliseconds
    p99: percentile(times, 0.99),
  };
}

interface Person {
  readonly eventos: { ultimaConsulta: unknown } | null;
}

async function answerOf(url: string, token: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json()) as { data: { pessoa?: Person; pessoas?: Person[] } };
  const { pessoa, pessoas = [pessoa!] } = answer.data;
  // Each of the two has just been an inquiry itself.
  for (const { eventos } of pessoas) if (eventos) eventos.ultimaConsulta = null;
  return answer;
}

const medianOf = (rounds: readonly Figures[], valueOf: (figures: Figures) => number): number => median(rounds.map(valueOf)); // prettier-ignore

async function compare(caches: 'warm' | 'cold', roundCount: number): Promise<void> {
  const system = await startBenchSystem({ ...AMPLE_LIMITS, ...(caches === 'cold' && { CACHE_MEMORY_BYTES: '0' }) });
  const connected = await openConnections({ PESSOA_HOME: system.home });
  const byHand = await startMeasured('./whole/by-hand.ts', {
    ...system.env,
    BASE_A_URL: connected.baseA.url,
    BASE_B_URL: connected.baseB.url,
    BASE_C_URL: connected.baseC.url,
    AUDIT_URL: connected.auditoria.url,
    AUDIT_READER_URL: connected.auditoria.readerUrl,
    BY_HAND_CACHE: caches === 'warm' ? 'on' : 'off',
  });
  try {
    const people = knownCpfs(PEOPLE);
    const tokens = await connectionTokens(system.home, people, CONNECTIONS_MAX);
    const [token] = tokens as [string];
    const ours = systemTarget(system);
    const targets = { ours, byHand: byHandTarget(byHand, ours) };
    const loads = loadsOf(people);
    for (const body of loads.flatMap(({ bodies }) => bodies)) {
      const [left, right] = [await answerOf(ours.url, token, body), await answerOf(byHand.url, token, body)];
      if (!isDeepStrictEqual(left, right)) throw new Error(`the two answer differently:\n${JSON.stringify(left)}\n${JSON.stringify(right)}`); // prettier-ignore
    }
    for (const { title, bodies, weight } of loads) {
      for (const target of Object.values(targets))
        await measure(target, tokens, bodies, 16, Math.ceil(WARM_UP / weight));
      for (const connections of [1, CONNECTIONS_MAX]) {
        const amount = Math.ceil(amountOf(connections) / weight);
        const rounds: { ours: Figures; byHand: Figures }[] = [];
        for (let round = 0; round < roundCount; round++) {
          // The side that goes first alternates, as does what PostgreSQL cleans meanwhile.
          const figures = new Map<Side, Figures>();
          for (const side of round % 2 === 0 ? SIDES : SIDES.toReversed())
            figures.set(side, await measure(targets[side], tokens, bodies, connections, amount));
          rounds.push({ ours: figures.get('ours')!, byHand: figures.get('byHand')! });
        }
        console.log(`\n${caches} caches, ${title}, ${connections} connection(s)`);
        for (const name of SIDES) {
          const figures = rounds.map((round) => round[name]);
          const parts = [...figures[0]!.micros.keys()].map((process) => `${process} ${medianOf(figures, ({ micros }) => micros.get(process) ?? 0).toFixed(0)}`); // prettier-ignore
          console.log(
            `  ${name}: ${medianOf(figures, ({ total }) => total).toFixed(0)} us of CPU a request (${parts.join(', ')}); ${medianOf(figures, ({ perSecond }) => perSecond).toFixed(0)} requests/s, p50 ${medianOf(figures, ({ p50 }) => p50).toFixed(1)} ms, p99 ${medianOf(figures, ({ p99 }) => p99).toFixed(1)} ms`,
          );
        }
        const ratioOf = (valueOf: (figures: Figures) => number): string =>
          median(rounds.map((round) => valueOf(round.ours) / valueOf(round.byHand))).toFixed(2);
        console.log(
          `  ratio ${ratioOf(({ total }) => total)}, of PostgreSQL ${ratioOf(({ micros }) => micros.get('PostgreSQL')!)}, of p50 ${ratioOf(({ p50 }) => p50)}`,
        );
      }
    }
  } finally {
    await byHand.stop();
    await connected.close();
    await system.stop();
  }
}

await runCommand(command, async (args) => {
  const { caches, rounds = '5' } = readArguments(command, args).values;
  if (!/^[1-9]\d?$/.test(rounds)) throw new UsageError('--rounds: N is between 1 and 99');
  for (const state of ['warm', 'cold'] as const) if ((caches ?? state) === state) await compare(state, Number(rounds));
});

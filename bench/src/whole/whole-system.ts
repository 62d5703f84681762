import { isDeepStrictEqual } from 'node:util';
import { openConnections } from '@pessoa/operations/system/connections';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import { median, readRounds } from '../measurements.ts';
import { PEOPLE as PEOPLE_QUERY } from '../routers/operations.ts';
import { AMPLE_LIMITS, connectionTokens, knownCpfs, startBenchSystem } from '../system.ts';
import {
  AMPLE_DEADLINES,
  CONNECTIONS_MAX,
  type Figures,
  interleave,
  type LoadRequest,
  measure,
  medianOf,
  systemTarget,
  type Target,
} from './load.ts';

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
const SIDES = ['ours', 'byHand'] as const;
const amountOf = (connections: number): number => (connections === 1 ? 500 : 1_500);

const requestOf = (query: string, variables: object): LoadRequest => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});

/** Requests of a client. */
interface Load {
  readonly title: string;
  readonly requests: readonly LoadRequest[];
  /** Fewer requests than those of one person, by this factor. */
  readonly weight: number;
}

const loadsOf = (people: readonly string[]): Load[] => [
  { title: 'one person', requests: [requestOf(EXAMPLE_QUERY, { cpf: people[0] })], weight: 1 },
  { title: '100 people in turn', requests: people.map((cpf) => requestOf(EXAMPLE_QUERY, { cpf })), weight: 1 },
  { title: 'a list of 100 people', requests: [requestOf(PEOPLE_QUERY, { cpfs: people })], weight: 15 },
];

/** Its statements run in the PostgreSQL of the system. */
function byHandTarget(process: MeasuredProcess, system: Target): Target {
  return {
    origin: process.url,
    cpu: async () => new Map([['by hand', await process.cpuMicros()], ['PostgreSQL', (await system.cpu()).get('PostgreSQL') ?? 0]]), // prettier-ignore
  };
}

interface Person {
  readonly eventos: { ultimaConsulta: unknown } | null;
}

async function answerOf({ origin }: Target, token: string, { method, path, body }: LoadRequest): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(origin + path, { method, headers, body: body! });
  const answer = (await response.json()) as { data: { pessoa?: Person; pessoas?: Person[] } };
  const { pessoa, pessoas = [pessoa!] } = answer.data;
  // Each of the two has just been an inquiry itself.
  for (const { eventos } of pessoas) if (eventos) eventos.ultimaConsulta = null;
  return answer;
}

async function compare(caches: 'warm' | 'cold', roundCount: number): Promise<void> {
  const system = await startBenchSystem({
    ...AMPLE_LIMITS,
    ...AMPLE_DEADLINES,
    ...(caches === 'cold' && { CACHE_MEMORY_BYTES: '0' }),
  });
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
    for (const request of loads.flatMap(({ requests }) => requests)) {
      const [left, right] = [
        await answerOf(targets.ours, token, request),
        await answerOf(targets.byHand, token, request),
      ];
      if (!isDeepStrictEqual(left, right)) throw new Error(`the two answer differently:\n${JSON.stringify(left)}\n${JSON.stringify(right)}`); // prettier-ignore
    }
    for (const { title, requests, weight } of loads) {
      for (const target of Object.values(targets))
        await measure(target, tokens, requests, CONNECTIONS_MAX, Math.ceil(WARM_UP / weight));
      for (const connections of [1, CONNECTIONS_MAX]) {
        const amount = Math.ceil(amountOf(connections) / weight);
        const rounds = await interleave(SIDES, roundCount, (side) =>
          measure(targets[side], tokens, requests, connections, amount),
        );
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
  const { caches, rounds } = readArguments(command, args).values;
  const roundCount = readRounds(rounds);
  for (const state of ['warm', 'cold'] as const) if ((caches ?? state) === state) await compare(state, roundCount);
});

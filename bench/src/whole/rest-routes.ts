import { restRoutes } from '@pessoa/rest/routes';
import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { median, readRounds } from '../measurements.ts';
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
  name: 'npm run bench:rest',
  about:
    'Measures the CPU of the whole system for each REST route, PostgreSQL included, beside the same operation by GraphQL: 100 people in turn, 1 and 16 connections, warm caches. About six minutes. TOPOLOGY is that of npm start. Linux only.',
  options: { rounds: { type: 'string', value: 'N', about: 'default: 5' } },
} as const satisfies Command;

const PEOPLE = 100;
const WARM_UP = 1_500;
const amountOf = (connections: number): number => (connections === 1 ? 300 : 1_000);
const sides = ['rest', 'graphql'] as const;
type Side = (typeof sides)[number];

interface Pair {
  readonly rest: LoadRequest;
  readonly graphql: LoadRequest;
}

const pairsOf = ({ path, document, params, select }: (typeof restRoutes)[number], cpfs: readonly string[]): Pair[] =>
  cpfs.map((cpf) => {
    const read = params.parse({ path: { cpf }, query: {} });
    return {
      rest: { method: 'GET', path: path.replace('{cpf}', cpf) },
      graphql: {
        method: 'POST',
        path: '/graphql',
        body: JSON.stringify({ query: document, variables: select(read).toVariables(read) }),
      },
    };
  });

/** The ids of an answer's rows, sorted. */
async function idsOf({ origin }: Target, token: string, { method, path, body }: LoadRequest): Promise<string[]> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(origin + path, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id!).toSorted();
}

await runCommand(command, async (args) => {
  const roundCount = readRounds(readArguments(command, args).values.rounds);
  const system = await startBenchSystem({ ...AMPLE_LIMITS, ...AMPLE_DEADLINES });
  try {
    const people = knownCpfs(PEOPLE);
    const tokens = await connectionTokens(system.home, people, CONNECTIONS_MAX);
    const target = systemTarget(system);
    for (const route of restRoutes) {
      const pairs = pairsOf(route, people);
      const { rest, graphql } = pairs[0]!;
      const [left, right] = [await idsOf(target, tokens[0]!, rest), await idsOf(target, tokens[0]!, graphql)];
      // The newest inquiry of /evento is the request before.
      if (left.length !== right.length || left.filter((id) => !right.includes(id)).length > 1)
        throw new Error(`${route.path}: the two forms differ`);
      const requestsOf = (side: Side): LoadRequest[] => pairs.map((pair) => pair[side]);
      for (const side of sides) await measure(target, tokens, requestsOf(side), CONNECTIONS_MAX, WARM_UP);
      for (const connections of [1, CONNECTIONS_MAX]) {
        const rounds = await interleave(sides, roundCount, (side) =>
          measure(target, tokens, requestsOf(side), connections, amountOf(connections)),
        );
        const of = (side: Side, valueOf: (figures: Figures) => number): string =>
          medianOf(rounds.map((figures) => figures[side]), valueOf).toFixed(0); // prettier-ignore
        const ratio = median(rounds.map((figures) => figures.rest.total / figures.graphql.total));
        console.log(
          `GET ${route.path}, ${connections} connection(s): ${of('rest', ({ total }) => total)} us of CPU a request, of it PostgreSQL ${of('rest', ({ micros }) => micros.get('PostgreSQL') ?? 0)}; by GraphQL ${of('graphql', ({ total }) => total)} us; ratio ${ratio.toFixed(2)}`,
        );
      }
    }
  } finally {
    await system.stop();
  }
});

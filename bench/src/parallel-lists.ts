import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { cpuTicks, MILLIS_PER_TICK } from './cpu-ticks.ts';
import { percentile } from './measurements.ts';
import { descendants } from './memory.ts';
import { PEOPLE as PEOPLE_QUERY } from './routers/operations.ts';
import { AMPLE_LIMITS, connectionTokens, knownCpfs, startBenchSystem } from './system.ts';

const command = {
  name: 'npm run bench:lists',
  about:
    'Sends lists of 100 people to one npm start over 16 connections, with the default deadlines, and counts the answers that are whole, partial and refused. Fails when fewer than 95 % are whole. One minute. Linux only.',
  options: {},
} as const satisfies Command;

const CONNECTIONS = 16;
const LISTS = 20;
const WARM_UP = 6;
const WHOLE_MIN = 0.95;

type Outcome = 'whole' | 'partial' | 'refused';

interface Round {
  readonly counts: Record<Outcome, number>;
  readonly times: readonly number[];
}

async function askFor(url: string, token: string, body: string): Promise<Outcome> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (response.status !== 200 || !data) return 'refused';
  return errors ? 'partial' : 'whole';
}

/** Each connection sends its lists one after the other. */
async function measure(url: string, tokens: readonly string[], body: string, lists: number): Promise<Round> {
  const counts = { whole: 0, partial: 0, refused: 0 };
  const times: number[] = [];
  await Promise.all(
    tokens.map(async (token) => {
      for (let list = 0; list < lists; list++) {
        const startedAt = performance.now();
        counts[await askFor(url, token, body)]++;
        times.push(performance.now() - startedAt);
      }
    }),
  );
  return { counts, times };
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  const system = await startBenchSystem(AMPLE_LIMITS);
  try {
    const people = knownCpfs(100);
    const tokens = await connectionTokens(system.home, people, CONNECTIONS);
    const body = JSON.stringify({ query: PEOPLE_QUERY, variables: { cpfs: people } });
    await measure(system.url, tokens, body, WARM_UP);
    const cpuMillis = (): number =>
      [...cpuTicks(descendants(system.supervisor.pid!)).values()].reduce((sum, ticks) => sum + ticks, 0) * MILLIS_PER_TICK; // prettier-ignore
    const before = cpuMillis();
    const { counts, times } = await measure(system.url, tokens, body, LISTS);
    const { whole, partial, refused } = counts;
    console.log(
      `${times.length} lists of 100 people over ${CONNECTIONS} connections: ${whole} whole, ${partial} partial, ${refused} refused; ` +
        `p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(times, 0.95).toFixed(0)} ms; CPU of the system ${((cpuMillis() - before) / times.length).toFixed(1)} ms a list`,
    );
    if (whole < WHOLE_MIN * times.length) throw new Error(`fewer than ${WHOLE_MIN * 100} % are whole`);
  } finally {
    await system.stop();
  }
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { today, systemClock } from '@pessoa/domain/data';
import { type Command, readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { onEnd } from '@pessoa/service/processes/end-of-process';
import { Asker, startSteadyLoad } from '../steady-load.ts';
import { root } from '../system.ts';
import { type OnClose, startChaosSystem } from './chaos-system.ts';
import { checkLog } from './log-of-audit.ts';
import { faultsOf, parts, type Turn } from './parts.ts';
import { plotOf } from './plot.ts';
import { checkIndex, keepPosting } from './postings.ts';
import { byPart, isGood, lineOf, markdownOf, SHARE_MIN, summaryOf, totalsOf } from './report.ts';
import { runTurns } from './run-turns.ts';
import { allTurns, type Schedule, scheduleOf } from './schedule.ts';
import { readTruth } from './truth.ts';

const PER_SECOND = 25;
const WARM_UP_MILLIS = 10_000;
const MINUTES_DEFAULT = 30;
/** Of a single turn. */
const TURN_MINUTES = 0.6;
/** The start, and the last answers. */
const AROUND_MINUTES = 2;

const command = {
  name: 'npm run chaos',
  about: `Starts engines and processes of its own, and stops, pauses, slows, garbles and restarts each by turns under a load of ${PER_SECOND} requests a second. Compares every answer with the truth. Exit code 1 for a wrong answer, for a process that ended by itself, for an index of postings that differs from Base C at the end, for a record of the audit that has no place in the log a minute later, and when fewer than ${SHARE_MIN * 100} % of the requests outside what was disturbed were answered without a 5xx. Needs redis-server, and an Elasticsearch at TEST_ELASTICSEARCH_URL (default: http://127.0.0.1:9200), of which it disturbs only its own relay.`,
  options: {
    minutes: { type: 'string', value: 'N', about: `default: ${MINUTES_DEFAULT}; all turns need 22` },
    only: { type: 'string', value: 'PART,FAULT', about: 'one turn' },
    out: { type: 'string', value: 'FOLDER', about: 'of table, plot and logs; default: .pessoa/chaos' },
  },
  notes: parts.map((part) => `${part}: ${faultsOf[part].join(', ')}`),
} as const satisfies Command;

function readTurn(text: string): Turn {
  const turn = allTurns().find(({ part, fault }) => `${part},${fault}` === text);
  if (!turn) throw new UsageError('--only: PART,FAULT is such as base-a,stop; the parts and their faults are below');
  return turn;
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || minutes <= 0) throw new UsageError('--minutes: N is a number above 0');
  return minutes;
}

/** What is true changes at midnight in São Paulo: scores and the last 30 days. */
function refuseMidnight(minutes: number): void {
  const end = { now: () => new Date(systemClock.now().getTime() + (minutes + AROUND_MINUTES) * 60_000) };
  if (today(end) !== today(systemClock))
    throw new Error('midnight in São Paulo would come before the end, and scores and postings change then: run it later, or with fewer --minutes'); // prettier-ignore
}

async function run(
  schedule: Schedule,
  out: string,
  { onClose, signal }: { onClose: OnClose; signal: AbortSignal },
): Promise<void> {
  console.log('starting engines, processes and relays');
  const system = await startChaosSystem(join(out, 'logs'), onClose);
  const asker = new Asker(system.url, system.token);
  onClose(asker.close);
  console.log(`reading the truth about ${system.cpfs.length} people`);
  const truth = await readTruth(asker, system.cpfs, signal);
  const postings = await keepPosting(system.baseCOwnerUrl);
  onClose(postings.stop);
  const load = startSteadyLoad(PER_SECOND, truth.ask);
  onClose(load.stop);
  onClose(async () => Object.values(system.parts).forEach((part) => part.resume())); // what is suspended could not be closed
  await sleep(WARM_UP_MILLIS, undefined, { signal });
  const seconds = [schedule.beforeMillis, schedule.faultMillis, schedule.afterMillis].map((millis) => (millis / 1_000).toFixed(0)); // prettier-ignore
  console.log(`${schedule.turns.length} turns of ${seconds.join(', ')} s before, during and after the fault`);
  const results = await runTurns(system, schedule, load, { onResult: (result) => console.log(lineOf(result)), signal });
  await postings.stop();
  const index = await checkIndex(system.env, signal);
  const log = await checkLog(system.auditOwnerUrl, signal);
  const totals = totalsOf(results);
  await writeFile(join(out, 'chaos.md'), markdownOf(byPart(results)));
  await writeFile(join(out, 'chaos.svg'), plotOf(byPart(results)));
  console.log(`${summaryOf(totals)}\ntable and plot: ${join(out, 'chaos.md')}, ${join(out, 'chaos.svg')}`);
  console.log(`the index of postings: ${index.report.replaceAll('\n', '; ')}`);
  console.log(`the log of the audit: ${log.report}`);
  for (const crash of system.crashes) console.log(crash);
  if (!isGood(totals) || !index.isSame || !log.isWhole || system.crashes.length > 0) process.exitCode = 1;
}

await runCommand(command, async (args) => {
  const { minutes, only, out = join(root, '.pessoa', 'chaos') } = readArguments(command, args).values;
  const turns = only === undefined ? undefined : [readTurn(only)];
  const length = minutes === undefined ? (turns ? TURN_MINUTES : MINUTES_DEFAULT) : readMinutes(minutes);
  refuseMidnight(length);
  const folder = resolve(out);
  await mkdir(folder, { recursive: true });
  const closings: (() => Promise<unknown>)[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  onEnd(
    (reason) => ending.abort(new Error(`stopped (${reason})`)),
    () => process.exit(1),
  );
  const onClose: OnClose = (close) => {
    closings.push(close);
    signal.throwIfAborted();
  };
  try {
    await run(scheduleOf(length, turns), folder, { onClose, signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    for (const close of closings.toReversed())
      await close().catch((error: unknown) => console.error(`not closed: ${error instanceof Error ? error.message : error}`)); // prettier-ignore
  }
});
process.exit();

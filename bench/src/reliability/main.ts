import { setTimeout as sleep } from 'node:timers/promises';
import { fictitiousPerson } from '@pessoa/development/seed/population/fictitious-person';
import { usageOf } from '@pessoa/service/processes/command-line';
import { compose } from './compose.ts';
import { permittedLosses, type Outage, type Phase, stopAndStart } from './outage.ts';
import { startSteadyLoad } from './steady-load.ts';

const PER_SECOND = 50;
const PEOPLE = 100;
const SEED = 2026;
/** For open connections and compiled operations. */
const WARM_UP_MILLIS = 20_000;

const command = {
  name: 'npm run reliability',
  about:
    'Stops and starts each container of a running `docker compose up` under load, and prints what clients lost. Takes about a\n' +
    'minute each. Exit code 1 when a request lost a field that does not depend on the container.',
  args: `[CONTAINER ...]   of ${Object.keys(permittedLosses).join(', ')}; default: all`,
  options: {},
};
const names = process.argv.slice(2);
if (names.some((name) => !(name in permittedLosses))) {
  const isHelp = names.every((name) => name === '--help' || name === '-h');
  process[isHelp ? 'stdout' : 'stderr'].write(usageOf(command));
  process.exit(isHelp ? 0 : 1);
}
const containers = Object.keys(permittedLosses).filter((name) => names.length === 0 || names.includes(name));
const cpfs = Array.from({ length: PEOPLE }, (_, index) => fictitiousPerson(index, SEED, '2026-11-22' as never).cpf);
const consents = cpfs.flatMap((cpf) => ['--consentimento', cpf]);
const token = (await compose('run', '--rm', '-T', 'token', ...consents)).split('\n').at(-1)!;
const routerAddress = await compose('port', 'router', '4000');

const load = startSteadyLoad({ url: `http://${routerAddress}`, token, cpfs, perSecond: PER_SECOND });
const outages: Outage[] = [];
try {
  await sleep(WARM_UP_MILLIS);
  for (const container of containers) {
    const outage = await stopAndStart(container, load);
    outages.push(outage);
    console.log(lineOf(outage));
    for (const [loss, count] of outage.losses) console.log(`    ${String(count).padStart(6)} x ${loss}`);
  }
} finally {
  await load.stop();
}
console.log(`${load.outcomes.length} requests in all, ${PER_SECOND} a second`);
if (outages.some(({ unexpectedLosses }) => unexpectedLosses > 0)) process.exitCode = 1;

function lineOf({ container, before, stopped, unexpectedLosses, recoveryMillis }: Outage): string {
  const recovery = `complete again ${(recoveryMillis / 1_000).toFixed(1)} s after the start`;
  return `${container}: before ${describe(before)}; stopped ${describe(stopped)}; ${recovery}; ${unexpectedLosses} unexpected losses`;
}

function describe({ requests, completeAnswers, p50Millis, p99Millis, maxMillis }: Phase): string {
  const times = [p50Millis, p99Millis, maxMillis].map((millis) => millis.toFixed(0)).join('/');
  return `${completeAnswers} of ${requests} complete, ${times} ms (p50/p99/max)`;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { fictitiousPerson } from '@pessoa/development/seed/population/fictitious-person';
import { usageOf } from '@pessoa/service/processes/command-line';
import { compose } from './compose.ts';
import { mayCost, type Outage, type Phase, stopAndStart } from './outage.ts';
import { startSteadyLoad } from './steady-load.ts';

/**
 * `npm run reliability [-- CONTAINER...]`: stops and starts each container of a running `docker compose up` under load and
 * prints what clients saw. About a minute each; exit code 1 when a request lost what the container does not own.
 */
const PER_SECOND = 50;
const PEOPLE = 100;
const SEED = 2026;
/** Until connections are open and what is asked often is compiled. */
const WARM_UP_MILLIS = 20_000;

const command = {
  name: 'npm run reliability',
  about: 'Stops and starts each container of a running `docker compose up` under load and prints what clients saw.',
  args: `[CONTAINER ...]   of ${Object.keys(mayCost).join(', ')}; default: all`,
  options: {},
};
const wanted = process.argv.slice(2);
if (wanted.some((one) => !(one in mayCost))) {
  const isHelp = wanted.every((one) => one === '--help' || one === '-h');
  process[isHelp ? 'stdout' : 'stderr'].write(usageOf(command));
  process.exit(isHelp ? 0 : 1);
}
const containers = Object.keys(mayCost).filter((name) => wanted.length === 0 || wanted.includes(name));
const cpfs = Array.from({ length: PEOPLE }, (_, index) => fictitiousPerson(index, SEED, '2026-11-22' as never).cpf);
const consents = cpfs.flatMap((cpf) => ['--consentimento', cpf]);
const token = (await compose('run', '--rm', '-T', 'token', ...consents)).split('\n').at(-1)!;
const published = await compose('port', 'router', '4000');

const load = startSteadyLoad({ url: `http://${published}`, token, cpfs, perSecond: PER_SECOND });
const outages: Outage[] = [];
try {
  await sleep(WARM_UP_MILLIS);
  for (const container of containers) {
    const outage = await stopAndStart(container, load);
    outages.push(outage);
    console.log(lineOf(outage));
    for (const [loss, count] of outage.lost) console.log(`    ${String(count).padStart(6)} x ${loss}`);
  }
} finally {
  await load.stop();
}
console.log(`${load.outcomes.length} requests in all, ${PER_SECOND} a second`);
if (outages.some(({ unexpected }) => unexpected > 0)) process.exitCode = 1;

function lineOf({ container, before, stopped, unexpected, wholeAgainAfterMillis }: Outage): string {
  const again = `whole again ${(wholeAgainAfterMillis / 1_000).toFixed(1)} s after the start`;
  return `${container}: before ${phase(before)}; stopped ${phase(stopped)}; ${again}; ${unexpected} lost more than their own`;
}

function phase({ requests, whole, p50Millis, p99Millis, maxMillis }: Phase): string {
  const times = [p50Millis, p99Millis, maxMillis].map((one) => one.toFixed(0)).join('/');
  return `${whole} of ${requests} whole, ${times} ms (p50/p99/max)`;
}

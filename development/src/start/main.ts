import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@pessoa/domain/data';
import { bases, baseTitle, perService, services } from '@pessoa/domain/services';
import { type Connections, openConnections } from '@pessoa/operations/system/connections';
import { ConfigError } from '@pessoa/service/config/environment';
import { readDemonstration } from '@pessoa/service/development/demonstration-file';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  ensureDevelopmentKeys,
  mintToken,
} from '@pessoa/service/development/development-keys';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { onEnd, outliveOutput, SUPERVISED } from '@pessoa/service/processes/end-of-process';
import { consentsToTry } from '../seed/people-to-try/people-to-try.ts';
import { greeting } from './greeting.ts';
import { type HeldHome, holdHome } from './held-home.ts';
import { isNameToLeaveOut, type LeftOut, namesToLeaveOut, partsToLeaveOut } from './left-out.ts';
import { faultsOfNeighbours } from './neighbours.ts';
import { faultsOfPorts } from './ports.ts';
import { type StartingService, untilReady } from './readiness.ts';
import { serviceEnvironment, urlOf } from './service-environment.ts';
import { type Services, startServices } from './services.ts';
import { readStartSettings, type StartSettings } from './start-settings.ts';

/** Whom the examples ask for when the bases are not ours and we know nobody in them. */
const UNKNOWN_EXAMPLE = '52998224725';
const sources = {
  ...perService((service) => ({ source: baseTitle(bases[service]), fonte: services[service] })),
  indexer: undefined,
  router: { source: undefined, fonte: undefined },
};

/** What runs, and is to be stopped in the order opposite to its start. */
interface Started {
  held?: HeldHome;
  connections?: Connections;
  preparing?: ChildProcess;
  services?: Services;
}

const startedAt = performance.now();
const say = (text: string): void => console.log(`[${((performance.now() - startedAt) / 1_000).toFixed(1)} s] ${text}`);

/** `npm start` and, with `--watch`, `npm run dev`: the whole system on this machine, until it is told to end. */
async function start({ watch, leftOut }: { watch: boolean; leftOut: readonly LeftOut[] }): Promise<void> {
  const started: Started = {};
  let isEnding = false;
  const stop = async (): Promise<void> => {
    isEnding = true;
    await started.held?.noteEnding().catch(() => {}); // of a disk that is full now
    started.preparing?.kill('SIGTERM');
    await started.services?.stop();
    await started.connections?.close();
    await started.held?.release();
  };
  onEnd(
    (reason) => {
      console.error(`\nstopping (${reason})`);
      void stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    },
    () => {
      console.error('ending at once');
      started.services?.kill(); // PostgreSQL's guard ends it with us
      process.exit(1);
    },
  );
  try {
    await run(started, { watch, leftOut });
  } catch (error) {
    if (isEnding) return; // what was under way broke off
    console.error(error instanceof Error ? error.message : error);
    await stop();
    process.exit(1);
  }
}

async function run(
  started: Started,
  { watch, leftOut }: { watch: boolean; leftOut: readonly LeftOut[] },
): Promise<never> {
  const settings = await readStartSettings(process.env, leftOut);
  const { env, host, home, specs } = settings;
  const routerUrl = urlOf(host, specs.find(({ name }) => name === 'router')!.port);
  if (settings.isHomeUsable) started.held = await holdHome(home, routerUrl, say);
  await refuseFaults(settings);

  const keys = await ensureDevelopmentKeys(home);
  say('starting the databases');
  const connections = await openConnections(env, { takeOver: true, say });
  started.connections = connections;
  const { cluster } = connections;
  if (cluster?.place.movedBecause)
    say(`the embedded PostgreSQL keeps its data in ${cluster.place.home}: ${cluster.place.movedBecause}`);
  const postgresEnded = cluster?.ended.then(() => 'PostgreSQL ended by itself') ?? new Promise<never>(() => {});

  say('migrating, and loading fictitious people where there are none');
  const unprepared = await Promise.race([prepare(started, env, leftOut), postgresEnded]);
  if (unprepared) throw new Error(unprepared);
  const exampleCpf = (await readDemonstration(home))?.exemplo ?? UNKNOWN_EXAMPLE;
  const token = await mintToken(keys.privateJwk, { consentimento: [exampleCpf, ...consentsToTry(systemClock)] });

  say(`starting ${specs.map(({ name }) => name).join(', ')}`);
  const logs = join(home, 'logs');
  const databases = databaseUrls(connections);
  const given = { ...env, EXAMPLE_CPF: env['EXAMPLE_CPF'] || exampleCpf, PESSOA_HOME: home };
  const services = startServices(specs, {
    env: serviceEnvironment(given, { host, specs, databases, keys, leftOut }),
    logs,
    watch,
  });
  started.services = services;
  await started.held?.note(services.marks);
  const ended = Promise.race([services.firstExit, postgresEnded]);
  const out = new Set(leftOut.flatMap((part) => partsToLeaveOut[part].service ?? []));
  const failed = await Promise.race([ended, untilReady(startingServices(settings), { say, leftOut: out })]);
  if (failed) throw new Error(`${failed} before the system was ready; its log is in ${logs}`);
  say('ready');
  for (const part of leftOut) say(partsToLeaveOut[part].means);
  console.log(greeting({ url: routerUrl, token, exampleCpf, logs, hours: DEVELOPMENT_TOKEN_SECONDS / 3_600 }));
  // A part that is lost for good is said and not made anew: behind it there is a fault to be read about in its log.
  throw new Error(`${await ended}, and the rest is stopped; its log is in ${logs}`);
}

async function refuseFaults(settings: StartSettings): Promise<void> {
  const now = await Promise.all([
    faultsOfPorts(settings.ports),
    settings.isHomeUsable ? faultsOfNeighbours(settings) : [],
  ]);
  const faults = [...new Set([...settings.faults, ...now.flat()])];
  if (faults.length > 0)
    throw new ConfigError(`npm start cannot start:\n${faults.map((one) => `  ${one}`).join('\n')}`);
}

const databaseUrls = ({ auditoria, ...connections }: Connections) => ({
  BASE_A_URL: connections.baseA.url,
  BASE_B_URL: connections.baseB.url,
  BASE_C_URL: connections.baseC.url,
  AUDIT_URL: auditoria.url,
  AUDIT_READER_URL: auditoria.readerUrl,
});

const startingServices = ({ specs, host }: StartSettings): StartingService[] =>
  specs.flatMap(({ name, port }) => {
    const source = sources[name];
    return source ? [{ name, url: urlOf(host, port), ...source }] : [];
  });

/** A process of its own, so that the migration engine and the population's tables do not stay in our memory. */
function prepare(started: Started, env: NodeJS.ProcessEnv, leftOut: readonly LeftOut[]): Promise<string | undefined> {
  const script = fileURLToPath(new URL('./prepare.ts', import.meta.url));
  const child = spawn(process.execPath, [script, SUPERVISED, ...leftOut], {
    env,
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // Ctrl-C is ours to hand on
  });
  started.preparing = child;
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0 ? undefined : 'preparing the databases failed'));
  });
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const command = {
  name: process.argv.includes('--watch') ? 'npm run dev' : 'npm start',
  about: 'Runs the whole system on this machine until Ctrl-C: databases, services, router. Settings: .env.example.',
  options: {
    without: {
      type: 'string',
      value: 'PART',
      multiple: true,
      values: namesToLeaveOut,
      about: 'runs as if this were down: its fields are lost and the rest answers',
    },
    watch: { type: 'boolean', default: false, about: 'starts a service again when its sources change (npm run dev)' },
  },
  more: Object.entries(partsToLeaveOut).map(([name, { means }]) => `${name}: ${means}`),
} as const;

outliveOutput();
await runCommand(command, (args) => {
  const { without = [], watch } = readArguments(command, args).values;
  return start({ watch, leftOut: without.filter(isNameToLeaveOut) });
});

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
import { onEnd, ignoreOutputErrors, SUPERVISED } from '@pessoa/service/processes/end-of-process';
import { consentsToTry } from '../seed/people-to-try/people-to-try.ts';
import { isOptionalPart, type OptionalPart, optionalPartNames, optionalParts } from './disabled-parts.ts';
import { greeting } from './greeting.ts';
import { type HomeLock, lockHome } from './home-lock.ts';
import { faultsOfNeighbours } from './neighbours.ts';
import { faultsOfPorts } from './ports.ts';
import { type StartingService, waitUntilReady } from './readiness.ts';
import { serviceEnvironment, urlOf } from './service-environment.ts';
import { type Services, startServices } from './services.ts';
import { readStartSettings, type StartSettings } from './start-settings.ts';

/** The CPF of the examples when the bases are not embedded: nobody in them is known. */
const UNKNOWN_EXAMPLE = '52998224725';
const sourceNames = {
  ...perService((service) => ({ base: baseTitle(bases[service]), fonte: services[service] })),
  indexer: undefined,
  auditor: { base: undefined, fonte: undefined },
  router: { base: undefined, fonte: undefined },
};

/** What has started so far. It stops in the opposite order. */
interface RunningParts {
  homeLock?: HomeLock;
  connections?: Connections;
  preparing?: ChildProcess;
  services?: Services;
}

const startedAt = performance.now();
const say = (line: string): void => console.log(`[${((performance.now() - startedAt) / 1_000).toFixed(1)} s] ${line}`);

/** Runs the whole system on this machine until a signal ends it: `npm start` and, with `--watch`, `npm run dev`. */
async function start({
  watch,
  disabledParts,
}: {
  watch: boolean;
  disabledParts: readonly OptionalPart[];
}): Promise<void> {
  const running: RunningParts = {};
  let isEnding = false;
  const stop = async (): Promise<void> => {
    isEnding = true;
    await running.homeLock?.noteEnding().catch(() => {}); // the disk may be full
    running.preparing?.kill('SIGTERM');
    await running.services?.stop();
    await running.connections?.close();
    await running.homeLock?.release();
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
      running.services?.kill(); // PostgreSQL ends when this process does
      process.exit(1);
    },
  );
  try {
    await run(running, { watch, disabledParts });
  } catch (error) {
    if (isEnding) return; // the end interrupted the start
    console.error(error instanceof Error ? error.message : error);
    await stop();
    process.exit(1);
  }
}

async function run(
  running: RunningParts,
  { watch, disabledParts }: { watch: boolean; disabledParts: readonly OptionalPart[] },
): Promise<never> {
  const settings = await readStartSettings(process.env, disabledParts);
  const { env, host, home, specs, topology } = settings;
  const routerUrl = urlOf(host, specs.find(({ name }) => name === 'router')!.port);
  if (settings.isHomeUsable) running.homeLock = await lockHome(home, routerUrl, say);
  await refuseFaults(settings);

  const keys = await ensureDevelopmentKeys(home);
  say('starting the databases');
  const connections = await openConnections(env, { takeOver: true, report: say });
  running.connections = connections;
  const { cluster } = connections;
  if (cluster?.place.movedBecause)
    say(`the embedded PostgreSQL keeps its data in ${cluster.place.home}: ${cluster.place.movedBecause}`);
  const postgresEnded = cluster?.ended.then(() => 'PostgreSQL ended by itself') ?? new Promise<never>(() => {});

  say('migrating the databases, and loading fictitious people into empty ones');
  const preparationFailure = await Promise.race([prepare(running, env, disabledParts), postgresEnded]);
  if (preparationFailure) throw new Error(preparationFailure);
  const exampleCpf = (await readDemonstration(home))?.exemplo ?? UNKNOWN_EXAMPLE;
  const token = await mintToken(keys.privateJwk, { consentimento: [exampleCpf, ...consentsToTry(systemClock)] });

  const parts = specs.map(({ name }) => name).filter((name) => name !== 'indexer');
  const indexer = specs.length > parts.length ? ', and indexer' : '';
  say(`starting ${parts.join(', ')}${topology === 'single' ? ' in one process' : ''}${indexer}`);
  const logs = join(home, 'logs');
  const databases = databaseUrls(connections);
  const serviceSettings = { ...env, EXAMPLE_CPF: env['EXAMPLE_CPF'] || exampleCpf, PESSOA_HOME: home };
  const services = startServices(specs, {
    env: serviceEnvironment(serviceSettings, { host, specs, databases, keys, disabledParts }),
    indexerEnv: { BASE_C_URL: connections.indexerUrl },
    logs,
    watch,
    topology,
  });
  running.services = services;
  await running.homeLock?.noteServices(services.marks);
  const firstExit = Promise.race([services.firstExit, postgresEnded]);
  const servicesWithoutSource = new Set(disabledParts.flatMap((part) => optionalParts[part].service ?? []));
  const startFailure = await Promise.race([
    firstExit,
    waitUntilReady(startingServices(settings), { say, servicesWithoutSource }),
  ]);
  if (startFailure) throw new Error(`${startFailure} before the system was ready; its log is in ${logs}`);
  say('ready');
  for (const part of disabledParts) say(optionalParts[part].means);
  console.log(greeting({ url: routerUrl, token, exampleCpf, logs, hours: DEVELOPMENT_TOKEN_SECONDS / 3_600 }));
  // A service that ended is not started again: the fault behind it is in its log.
  throw new Error(`${await firstExit}, and the rest is stopped; its log is in ${logs}`);
}

async function refuseFaults(settings: StartSettings): Promise<void> {
  const currentFaults = await Promise.all([
    faultsOfPorts(settings.ports),
    settings.isHomeUsable ? faultsOfNeighbours(settings) : [],
  ]);
  const faults = [...new Set([...settings.faults, ...currentFaults.flat()])];
  if (faults.length > 0)
    throw new ConfigError(`npm start cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

const databaseUrls = ({ auditoria, ...connections }: Connections) => ({
  BASE_A_URL: connections.baseA.url,
  BASE_B_URL: connections.baseB.url,
  BASE_C_URL: connections.baseC.url,
  AUDIT_URL: auditoria.url,
  AUDIT_READER_URL: auditoria.readerUrl,
  AUDIT_AUDITOR_URL: auditoria.auditorUrl,
});

const startingServices = ({ specs, host }: StartSettings): StartingService[] =>
  specs.flatMap(({ name, port }) => {
    const names = sourceNames[name];
    return names ? [{ name, url: urlOf(host, port), ...names }] : [];
  });

/** Prepares in a process of its own: the migration engine and the population's tables do not stay in our memory. */
function prepare(
  running: RunningParts,
  env: NodeJS.ProcessEnv,
  disabledParts: readonly OptionalPart[],
): Promise<string | undefined> {
  const script = fileURLToPath(new URL('./prepare.ts', import.meta.url));
  const child = spawn(process.execPath, [script, SUPERVISED, ...disabledParts], {
    env,
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // Ctrl-C reaches the whole process group, and we choose the order of stopping
  });
  running.preparing = child;
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
      values: optionalPartNames,
      about: 'runs as if this part were down: its fields are lost, the others answer',
    },
    watch: { type: 'boolean', default: false, about: 'restarts a process when its files change (npm run dev)' },
  },
  notes: Object.entries(optionalParts).map(([name, { means }]) => `${name}: ${means}`),
} as const;

ignoreOutputErrors();
await runCommand(command, (args) => {
  const { without = [], watch } = readArguments(command, args).values;
  return start({ watch, disabledParts: without.filter(isOptionalPart) });
});

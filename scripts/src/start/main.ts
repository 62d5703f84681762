import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  developmentAudience,
  developmentIssuer,
  ensureDevelopmentKeys,
  mintToken,
} from '@pessoa/platform/development/development-keys';
import { systemClock } from '@pessoa/domain/data';
import closeWithGrace from 'close-with-grace';
import { consentsToTry } from '../seed/people-to-try/people-to-try.ts';
import { type Connections, openConnections } from '../system/connections.ts';
import { pessoaHome } from '../system/home.ts';
import { scriptEnvironment } from '../system/settings.ts';
import { readDemonstration } from '@pessoa/platform/development/demonstration-file';
import { greeting } from './greeting.ts';
import { serviceSpecs, type Services, startServices, takenPorts } from './services.ts';

const READY_TIMEOUT_MILLIS = 60_000;
/** Two drains of 20 s, one after the other, and the databases. */
const STOP_TIMEOUT_MILLIS = 45_000;
/** Whom the examples ask for when the bases are not ours and we know nobody in them. */
const UNKNOWN_EXAMPLE = '52998224725';

/** `npm start` and, with `--watch`, `npm run dev`: the whole system on this machine. */
async function start(watch: boolean): Promise<void> {
  const startedAt = performance.now();
  const say = (text: string): void =>
    console.log(`[${((performance.now() - startedAt) / 1_000).toFixed(1)} s] ${text}`);
  const env = scriptEnvironment(process.env);
  const host = env['HOST'] || '127.0.0.1';
  const home = pessoaHome(env);
  const specs = serviceSpecs(env);
  const [taken] = await takenPorts(specs, host);
  if (taken)
    throw new Error(`port ${taken.port} is taken: set ${taken.portVariable} to a free one, or stop what holds it`);

  const keys = await ensureDevelopmentKeys(home);
  say('starting the databases');
  const connections = await openConnections(env);
  const { cluster } = connections;
  if (cluster?.place.movedBecause)
    say(`the embedded PostgreSQL keeps its data in ${cluster.place.home}: ${cluster.place.movedBecause}`);
  let services: Services | undefined;
  const stopAll = async (): Promise<void> => {
    await services?.stop();
    await connections.close();
  };
  closeWithGrace({ delay: STOP_TIMEOUT_MILLIS, logger: false }, async ({ err }) => {
    console.error(err instanceof Error ? err.message : '\nstopping');
    await stopAll();
  });

  try {
    say('migrating, and loading fictitious people where there are none');
    await run('./prepare.ts', env);
    const exampleCpf = (await readDemonstration(home))?.exemplo ?? UNKNOWN_EXAMPLE;
    const token = await mintToken(keys.privateJwk, { consentimento: [exampleCpf, ...consentsToTry(systemClock)] });

    say(`starting ${specs.map(({ name }) => name).join(', ')}`);
    const logs = join(home, 'logs');
    const given = { ...env, HOST: host, EXAMPLE_CPF: exampleCpf, PESSOA_HOME: home };
    services = startServices(specs, { env: serviceEnvironment(connections, keys, given), logs, watch });
    const router = specs.find(({ name }) => name === 'router')!;
    const url = `http://${host}:${router.port}`;
    const failed = await Promise.race([services.firstExit, ready(url)]);
    if (failed) throw new Error(`${failed} did not start; its log is in ${logs}`);
    say('ready');
    console.log(greeting({ url, token, exampleCpf, logs, hours: DEVELOPMENT_TOKEN_SECONDS / 3_600 }));
    throw new Error(`${await services.firstExit} ended by itself; its log is in ${logs}`);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

function serviceEnvironment(
  { baseA, baseB, baseC, auditoria }: Connections,
  keys: Awaited<ReturnType<typeof ensureDevelopmentKeys>>,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const subgraphUrls = Object.fromEntries(
    serviceSpecs(env).flatMap(({ name, port }) =>
      name === 'router' || name === 'indexer'
        ? []
        : [[`${name.toUpperCase()}_URL`, `http://${env['HOST']}:${port}/graphql`]],
    ),
  );
  const ours = {
    PESSOA_ENV: 'development',
    JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
    JWT_ISSUER: developmentIssuer,
    JWT_AUDIENCE: developmentAudience,
    JWT_MAX_LIFETIME_SECONDS: String(DEVELOPMENT_TOKEN_SECONDS),
    CPF_HASH_KEY: keys.cpfHashKey,
    INTERNAL_KEY: keys.internalKey,
    ...subgraphUrls,
  };
  return {
    // Whatever is set in the environment wins, also by its file.
    ...Object.fromEntries(Object.entries(ours).filter(([name]) => !env[`${name}_FILE`])),
    ...env,
    BASE_A_URL: baseA.url,
    BASE_B_URL: baseB.url,
    BASE_C_URL: baseC.url,
    AUDIT_URL: auditoria.url,
    AUDIT_READER_URL: auditoria.readerUrl,
  };
}

function run(script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], { env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error('preparing the databases failed'))));
  });
}

async function ready(url: string): Promise<undefined> {
  const deadline = Date.now() + READY_TIMEOUT_MILLIS;
  while (Date.now() < deadline) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return undefined;
    await sleep(100);
  }
  throw new Error(`the router is not ready after ${READY_TIMEOUT_MILLIS / 1_000} s`);
}

start(process.argv.includes('--watch')).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fictitiousPerson } from '@pessoa/development/seed/population/fictitious-person';
import { freePort } from '@pessoa/service/processes/free-port';
import {
  developmentAudience,
  developmentIssuer,
  ensureDevelopmentKeys,
  mintToken,
} from '@pessoa/service/development/development-keys';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A run of `npm start` with free ports, a data folder of its own, and the default thousand people. */
export interface BenchSystem {
  readonly supervisor: ChildProcess;
  /** The folder of its databases and keys. */
  readonly home: string;
  readonly url: string;
  /** The ports of its processes, by variable. */
  readonly ports: Readonly<Record<string, number>>;
  /** Variables for another router over the same subgraphs. */
  readonly env: NodeJS.ProcessEnv;
  readonly token: string;
  readonly exampleCpf: string;
  stop(): Promise<void>;
}

/** A request of a load, as `fetch` and autocannon take it. */
export interface BenchRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Limits of a client above the rate of any measurement here. They stay on, and a refused request fails a measurement. */
export const AMPLE_LIMITS: NodeJS.ProcessEnv = {
  RATE_LIMIT_REQUESTS: '10000000',
  RATE_LIMIT_PEOPLE: '10000000',
  RATE_LIMIT_COST: '1000000000',
};

/** The CPFs of the first people whom `npm start` makes. */
export const knownCpfs = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => fictitiousPerson(index, 2026, '2026-11-22' as never).cpf);

/**
 * Makes a token for each connection. Equal requests of one caller share calls in our router (decision 0037), which peers do not do.
 *
 * @param consents CPFs
 */
export async function connectionTokens(home: string, consents: readonly string[], count: number): Promise<string[]> {
  const { privateJwk } = await ensureDevelopmentKeys(home);
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      mintToken(privateJwk, { consentimento: [...consents], subject: `conexao-${index}` }),
    ),
  );
}

/** @param limits the limits of each client, and other settings; default: ample limits */
export async function startBenchSystem(limits: NodeJS.ProcessEnv = AMPLE_LIMITS): Promise<BenchSystem> {
  const home = join(root, '.pessoa', 'bench');
  const ports = {
    ROUTER_PORT: await freePort(),
    DEBT_PORT: await freePort(),
    SCORE_PORT: await freePort(),
    EVENT_PORT: await freePort(),
    AUDITOR_PORT: await freePort(),
  };
  const env = {
    ...process.env,
    ...limits,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    PESSOA_HOME: home,
  };
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const supervisor = spawn('sh', ['-c', scripts.start], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  supervisor.stdout.resume();
  const url = `http://127.0.0.1:${ports.ROUTER_PORT}`;
  while ((await fetch(`${url}/health/ready`).catch(() => undefined))?.status !== 200) {
    if (supervisor.exitCode !== null) throw new Error('npm start failed');
    await sleep(200);
  }
  const keys = await ensureDevelopmentKeys(home);
  const { default: demonstration } = (await import(pathToFileURL(join(home, 'demonstration.json')).href, {
    with: { type: 'json' },
  })) as {
    default: { exemplo: string };
  };
  const { exemplo: exampleCpf } = demonstration;
  return {
    supervisor,
    home,
    url,
    ports,
    exampleCpf,
    token: await mintToken(keys.privateJwk, { consentimento: [exampleCpf] }),
    env: {
      ...process.env,
      ...limits,
      NODE_ENV: 'production', // as `npm start` sets it: graphql-js then leaves its checks for developers out, for peers too
      PESSOA_ENV: 'development',
      JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
      JWT_ISSUER: developmentIssuer,
      JWT_AUDIENCE: developmentAudience,
      JWT_MAX_LIFETIME_SECONDS: '43200',
      CPF_HASH_KEY: keys.cpfHashKey,
      INTERNAL_KEY: keys.internalKey,
      AUDIT_URL: 'postgresql://off@127.0.0.1:1/off',
      ROUTER_PORT: '0',
      EXPLORER: 'off',
      DEBT_URL: `http://127.0.0.1:${ports.DEBT_PORT}/graphql`,
      SCORE_URL: `http://127.0.0.1:${ports.SCORE_PORT}/graphql`,
      EVENT_URL: `http://127.0.0.1:${ports.EVENT_PORT}/graphql`,
    },
    async stop() {
      const exited = new Promise((resolve) => supervisor.once('exit', resolve));
      supervisor.kill('SIGTERM');
      await exited;
    },
  };
}

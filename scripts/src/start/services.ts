import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from '../system/home.ts';

export interface ServiceSpec {
  readonly name: 'debt' | 'score' | 'event' | 'indexer' | 'router';
  readonly main: string;
  readonly portVariable: string;
  readonly port: number;
}

const spec = (name: ServiceSpec['name'], source: string, standardPort: number, env: NodeJS.ProcessEnv): ServiceSpec => {
  const portVariable = `${name.toUpperCase()}_PORT`;
  return {
    name,
    main: join(root, source, 'main.ts'),
    portVariable,
    port: Number(env[portVariable] || standardPort),
  };
};

/** The indexer is among them where there is an Elasticsearch. */
export const serviceSpecs = (env: NodeJS.ProcessEnv): ServiceSpec[] => [
  spec('debt', 'subgraphs/debt/src', 4001, env),
  spec('score', 'subgraphs/score/src', 4002, env),
  spec('event', 'subgraphs/event/src', 4003, env),
  ...(env['ELASTICSEARCH_URL'] ? [spec('indexer', 'subgraphs/event/src/indexer', 4004, env)] : []),
  spec('router', 'router/src', 4000, env),
];

/** @returns the services whose port another program holds */
export async function takenPorts(specs: readonly ServiceSpec[], host: string): Promise<ServiceSpec[]> {
  const taken = await Promise.all(specs.map(async (one) => ((await isFree(one.port, host)) ? [] : [one])));
  return taken.flat();
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** The processes, with their logs in files. */
export interface Services {
  /** Resolves with the name of the first one that ends by itself. */
  readonly firstExit: Promise<string>;
  stop(): Promise<void>;
}

export function startServices(
  specs: readonly ServiceSpec[],
  options: { env: NodeJS.ProcessEnv; logs: string; watch: boolean },
): Services {
  mkdirSync(options.logs, { recursive: true });
  const children = specs.map((one) => ({ one, child: startService(one, options) }));
  let stopping = false;
  return {
    firstExit: Promise.race(
      children.map(
        ({ one, child }) => new Promise<string>((resolve) => child.once('exit', () => !stopping && resolve(one.name))),
      ),
    ),
    async stop() {
      stopping = true;
      // The router first: what it has under way still needs the subgraphs.
      await stopChildren(children.filter(({ one }) => one.name === 'router').map(({ child }) => child));
      await stopChildren(children.filter(({ one }) => one.name !== 'router').map(({ child }) => child));
    },
  };
}

function startService(
  { name, main }: ServiceSpec,
  { env, logs, watch }: Parameters<typeof startServices>[1],
): ChildProcess {
  const log = createWriteStream(join(logs, `${name}.log`), { flags: 'a' });
  const child = spawn(process.execPath, [...(watch ? ['--watch', '--watch-preserve-output'] : []), main], {
    env,
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C reaches the whole group; the order of stopping is ours
  });
  child.stdout!.pipe(log, { end: false });
  child.stderr!.pipe(log, { end: false });
  child.stderr!.pipe(process.stderr, { end: false });
  return child;
}

async function stopChildren(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map((child) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return exited;
    }),
  );
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PerService, type Service, serviceNames } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { SUPERVISED } from '@pessoa/service/processes/end-of-process';
import { markOf, type ProcessMark, signal } from '@pessoa/service/processes/process-table';

export interface ServiceSpec {
  readonly name: Service | 'indexer' | 'auditor' | 'router';
  readonly main: string;
  readonly portVariable: string;
  readonly port: number;
}

const specOf = (
  name: ServiceSpec['name'],
  folder: string,
  standardPort: number,
  env: NodeJS.ProcessEnv,
): ServiceSpec => {
  const portVariable = `${name.toUpperCase()}_PORT`;
  return {
    name,
    main: join(root, folder, 'main.ts'),
    portVariable,
    port: Number(env[portVariable] || standardPort),
  };
};

/** The same defaults as in each service's config.ts. */
const standardPorts: PerService<number> = { debt: 4001, score: 4002, event: 4003 };

/**
 * The services to start. The indexer is one of them when ELASTICSEARCH_URL is set, the auditor when the audit is embedded or its role
 * has a URL.
 */
export const serviceSpecs = (env: NodeJS.ProcessEnv): ServiceSpec[] => [
  ...serviceNames.map((name) => specOf(name, `subgraphs/${name}/src`, standardPorts[name], env)),
  ...(env['ELASTICSEARCH_URL'] ? [specOf('indexer', 'indexer/src', 4004, env)] : []),
  ...(hasAuditor(env) ? [specOf('auditor', 'auditor/src', 4005, env)] : []),
  specOf('router', 'router/src', 4000, env),
];

/** Whether the role that keeps the log of the audit is known. */
const hasAuditor = (env: NodeJS.ProcessEnv): boolean => !env['AUDIT_URL'] || Boolean(env['AUDIT_AUDITOR_URL']);

/** The processes of `npm start`. `single`: one for the router and the subgraphs. */
export const topologies = ['separate', 'single'] as const;
export type Topology = (typeof topologies)[number];

interface ServiceProcess {
  readonly name: ServiceSpec['name'] | 'single';
  readonly main: string;
}

const processesOf = (specs: readonly ServiceSpec[], topology: Topology): readonly ServiceProcess[] =>
  topology === 'separate'
    ? specs
    : [{ name: 'single', main: join(root, 'single/src/main.ts') }, ...specs.filter(({ name }) => name === 'indexer')];

/** The running processes of the services. Each writes its log to a file. */
export interface Services {
  /** Resolves when a process ends without `stop` or `kill`, with its name and how it ended. */
  readonly firstExit: Promise<string>;
  readonly marks: readonly (ProcessMark & { readonly name: string })[];
  /** Stops the router first, because its requests still need the others. Kills a process that does not end in time. */
  stop(): Promise<void>;
  kill(): void;
}

/** A service drains for 20 s at most. */
const STOP_MILLIS = 23_000;

interface ServicesOptions {
  readonly env: NodeJS.ProcessEnv;
  /** What the indexer has in place of it: its role of Base C is its own. */
  readonly indexerEnv?: NodeJS.ProcessEnv;
  readonly logs: string;
  readonly watch: boolean;
  readonly topology: Topology;
}

export function startServices(specs: readonly ServiceSpec[], options: ServicesOptions): Services {
  mkdirSync(options.logs, { recursive: true });
  const children = processesOf(specs, options.topology).map((started) => ({
    name: started.name,
    child: spawnService(started, options),
  }));
  let isStopping = false;
  return {
    firstExit: Promise.race(
      children.map(
        ({ name, child }) =>
          new Promise<string>((resolve) =>
            child.once(
              'exit',
              (code, signalName) =>
                !isStopping && resolve(`${name} ended by itself (${signalName ?? `exit code ${code}`})`),
            ),
          ),
      ),
    ),
    marks: children.flatMap(({ name, child }) => {
      const mark = markOf(child.pid ?? 0);
      return mark ? [{ ...mark, name }] : [];
    }),
    async stop() {
      isStopping = true;
      await stopChildren(children.filter(({ name }) => name === 'router').map(({ child }) => child));
      await stopChildren(children.filter(({ name }) => name !== 'router').map(({ child }) => child));
    },
    kill() {
      isStopping = true;
      for (const { child } of children) signal(child.pid ?? 0, 'SIGKILL');
    },
  };
}

function spawnService({ name, main }: ServiceProcess, { env, indexerEnv, logs, watch }: ServicesOptions): ChildProcess {
  const log = createWriteStream(join(logs, `${name}.log`), { flags: 'a' });
  log.on('error', () => {}); // a full disk
  const watching = watch ? ['--watch', '--watch-preserve-output'] : [];
  const child = spawn(process.execPath, [...watching, main, SUPERVISED], {
    env: name === 'indexer' ? { ...env, ...indexerEnv } : env,
    cwd: root,
    // Its stdin stays open as long as this process lives. A service ends when its stdin does, even after our SIGKILL.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // Ctrl-C reaches the whole process group, and we choose the order of stopping
  });
  child.stdin!.on('error', () => {});
  child.stdout!.pipe(log, { end: false });
  child.stderr!.pipe(log, { end: false });
  child.stderr!.pipe(process.stderr, { end: false });
  return child;
}

async function stopChildren(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const byForce = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
      await exited;
      clearTimeout(byForce);
    }),
  );
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PerService, type Service, serviceNames } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { SUPERVISED } from '@pessoa/service/processes/end-of-process';
import { markOf, type ProcessMark, signal } from '@pessoa/service/processes/process-table';

export interface ServiceSpec {
  readonly name: Service | 'indexer' | 'router';
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

/** As each service's own configuration has them. */
const standardPorts: PerService<number> = { debt: 4001, score: 4002, event: 4003 };

/** The indexer is among them where there is an Elasticsearch. */
export const serviceSpecs = (env: NodeJS.ProcessEnv): ServiceSpec[] => [
  ...serviceNames.map((name) => spec(name, `subgraphs/${name}/src`, standardPorts[name], env)),
  ...(env['ELASTICSEARCH_URL'] ? [spec('indexer', 'indexer/src', 4004, env)] : []),
  spec('router', 'router/src', 4000, env),
];

/** The processes, with their logs in files. */
export interface Services {
  /** Resolves with what became of the first one that ends by itself. */
  readonly firstExit: Promise<string>;
  readonly marks: readonly (ProcessMark & { readonly name: string })[];
  /** The router first: what it has under way still needs the others. One that does not end in time is killed. */
  stop(): Promise<void>;
  kill(): void;
}

/** A service drains for 20 s at most. */
const STOP_MILLIS = 23_000;

export function startServices(
  specs: readonly ServiceSpec[],
  options: { env: NodeJS.ProcessEnv; logs: string; watch: boolean },
): Services {
  mkdirSync(options.logs, { recursive: true });
  const children = specs.map((one) => ({ name: one.name, child: startService(one, options) }));
  let stopping = false;
  return {
    firstExit: Promise.race(
      children.map(
        ({ name, child }) =>
          new Promise<string>((resolve) =>
            child.once(
              'exit',
              (code, by) => !stopping && resolve(`${name} ended by itself (${by ?? `exit code ${code}`})`),
            ),
          ),
      ),
    ),
    marks: children.flatMap(({ name, child }) => {
      const mark = markOf(child.pid ?? 0);
      return mark ? [{ ...mark, name }] : [];
    }),
    async stop() {
      stopping = true;
      await stopChildren(children.filter(({ name }) => name === 'router').map(({ child }) => child));
      await stopChildren(children.filter(({ name }) => name !== 'router').map(({ child }) => child));
    },
    kill() {
      stopping = true;
      for (const { child } of children) signal(child.pid ?? 0, 'SIGKILL');
    },
  };
}

function startService(
  { name, main }: ServiceSpec,
  { env, logs, watch }: Parameters<typeof startServices>[1],
): ChildProcess {
  const log = createWriteStream(join(logs, `${name}.log`), { flags: 'a' });
  log.on('error', () => {}); // a full disk
  const watching = watch ? ['--watch', '--watch-preserve-output'] : [];
  const child = spawn(process.execPath, [...watching, main, SUPERVISED], {
    env,
    cwd: root,
    // We hold its input open for as long as we live: by its end a service knows ours, SIGKILL included.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // Ctrl-C reaches the whole group; the order of stopping is ours
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

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readlink, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/service/processes/free-port';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { readComposeFile } from './compose-file.ts';
import { root } from './started-system.ts';

const START_MILLIS = 90_000;

/** An Elasticsearch for one suite, with the security, the roles and the users of docker-compose.yml. */
export interface SecuredElasticsearch {
  readonly url: string;
  /** The URL from the secrets job, with the address of this server. */
  urlOf(user: 'event' | 'indexer'): string;
  close(): Promise<void>;
}

/**
 * Starts it from the distribution, the Java and the user of the Elasticsearch of the other suites, which must run on this
 * machine.
 *
 * @param secretOf reads a file of the secrets job
 */
export async function startSecuredElasticsearch(
  secretOf: (name: string) => Promise<string>,
): Promise<SecuredElasticsearch> {
  const { home, java, uid, gid } = await runningServer();
  const [port, transport] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-elasticsearch-'));
  const config = join(folder, 'config');
  await cp(join(home, 'config'), config, { recursive: true });
  const composeService = readComposeFile().services['elasticsearch']!;
  for (const volume of composeService.volumes ?? []) {
    const [, source, name] = /^\.\/(\S+):\/usr\/share\/elasticsearch\/config\/([\w.]+):ro$/.exec(volume) ?? [];
    if (source && name) await cp(join(root, source), join(config, name));
  }
  await writeFile(join(config, 'users'), await secretOf('elasticsearch-users'));
  // The distribution for tests lacks the modules of the other settings.
  const settings = Object.entries(composeService.environment ?? {}).filter(([name]) =>
    /^(xpack\.security|discovery)\./.test(name),
  );
  await writeFile(
    join(config, 'elasticsearch.yml'),
    [
      ...settings.map(([name, value]) => `${name}: ${value}`),
      'network.host: 127.0.0.1',
      `http.port: ${port}`,
      `transport.port: ${transport}`,
      'cluster.routing.allocation.disk.threshold_enabled: false',
      `path.data: ${join(folder, 'data')}`,
      `path.logs: ${join(folder, 'logs')}`,
    ].join('\n'),
  );
  await mkdir(join(folder, 'tmp'));
  if (process.getuid?.() === 0) await changeOwner(folder, uid, gid);

  const child = spawn(join(home, 'bin/elasticsearch'), [], {
    ...(process.getuid?.() === 0 && { uid, gid }),
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ES_JAVA_HOME: java,
      ES_PATH_CONF: config,
      ES_TMPDIR: join(folder, 'tmp'),
      ES_JAVA_OPTS: '-Xms256m -Xmx256m',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-4_000)));
  const close = async (): Promise<void> => {
    await stopProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MILLIS;
  for (;;) {
    const answer = await fetch(`${url}/_cluster/health`).catch(() => undefined);
    if (answer?.ok) break;
    if (child.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error(`Elasticsearch does not start (${answer?.status ?? 'no answer'}): ${output}`);
    }
    await sleep(200);
  }
  const urls = {
    event: await secretOf('elasticsearch-event-url'),
    indexer: await secretOf('elasticsearch-indexer-url'),
  };
  return { url, urlOf: (user) => urls[user].replace('@elasticsearch:9200', `@127.0.0.1:${port}`), close };
}

interface NodeInfo {
  readonly process: { readonly id: number };
  readonly settings: { readonly path: { readonly home: string } };
}

async function runningServer(): Promise<{ home: string; java: string; uid: number; gid: number }> {
  const filter = 'filter_path=nodes.*.process.id,nodes.*.settings.path.home';
  const response = await fetch(`${elasticsearchServer()}/_nodes/process,settings?${filter}`);
  const { nodes } = (await response.json()) as { nodes: Record<string, NodeInfo> };
  const [node] = Object.values(nodes);
  if (node === undefined) throw new Error('the Elasticsearch of these suites has no node');
  const folder = `/proc/${node.process.id}`;
  const { uid, gid } = await stat(folder);
  return { home: node.settings.path.home, java: dirname(dirname(await readlink(`${folder}/exe`))), uid, gid };
}

async function changeOwner(folder: string, uid: number, gid: number): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), uid, gid);
}

/** Elasticsearch's launcher forwards SIGTERM to the server. */
async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

/** Runs the secrets job on a folder. */
export const makeSecrets = (folder: string) =>
  promisify(execFile)(process.execPath, [join(root, 'development/src/containers/secrets.ts'), folder]);

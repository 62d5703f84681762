import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readlink, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/databases/embedded/postgres-cluster';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { readComposeFile } from './compose-file.ts';
import { root } from './started-system.ts';

const START_MILLIS = 90_000;

/** An Elasticsearch of a test's own, with the security, the roles and the users of docker-compose.yml. */
export interface SecuredElasticsearch {
  readonly url: string;
  /** As the secrets job made it, with this server for the one in compose. */
  urlOf(user: 'event' | 'indexer'): string;
  close(): Promise<void>;
}

/**
 * The distribution, the Java and the user of the Elasticsearch that the other suites use, which has to be on this machine.
 *
 * @param secretOf the content of a file that the secrets job has made
 */
export async function startSecuredElasticsearch(
  secretOf: (name: string) => Promise<string>,
): Promise<SecuredElasticsearch> {
  const { home, java, uid, gid } = await runningServer();
  const [port, transport] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-elasticsearch-'));
  const config = join(folder, 'config');
  await cp(join(home, 'config'), config, { recursive: true });
  const composed = readComposeFile().services['elasticsearch']!;
  for (const volume of composed.volumes ?? []) {
    const [, source, name] = /^\.\/(\S+):\/usr\/share\/elasticsearch\/config\/([\w.]+):ro$/.exec(volume) ?? [];
    if (source && name) await cp(join(root, source), join(config, name));
  }
  await writeFile(join(config, 'users'), await secretOf('elasticsearch-users'));
  // The distribution for tests has no module that would know the others.
  const settings = Object.entries(composed.environment ?? {}).filter(([name]) =>
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
  if (process.getuid?.() === 0) await ownedBy(folder, uid, gid);

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
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (text) => (said = `${said}${text}`.slice(-4_000)));
  const close = async (): Promise<void> => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MILLIS;
  for (;;) {
    const answer = await fetch(`${url}/_cluster/health`).catch(() => undefined);
    if (answer?.ok) break;
    if (child.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error(`Elasticsearch does not start, ${answer?.status ?? 'no answer'}: ${said}`);
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
  const asked = 'filter_path=nodes.*.process.id,nodes.*.settings.path.home';
  const response = await fetch(`${elasticsearchServer()}/_nodes/process,settings?${asked}`);
  const { nodes } = (await response.json()) as { nodes: Record<string, NodeInfo> };
  const [node] = Object.values(nodes);
  if (node === undefined) throw new Error('the Elasticsearch of these suites has no node');
  const at = `/proc/${node.process.id}`;
  const { uid, gid } = await stat(at);
  return { home: node.settings.path.home, java: dirname(dirname(await readlink(`${at}/exe`))), uid, gid };
}

async function ownedBy(folder: string, uid: number, gid: number): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), uid, gid);
}

/** Its launcher hands SIGTERM on to the server. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

/** Runs the secrets job into a folder. */
export const makeSecrets = (folder: string) =>
  promisify(execFile)(process.execPath, [join(root, 'development/src/containers/secrets.ts'), folder]);

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverUser } from '@pessoa/databases/embedded/postgres-binaries';
import { freePort } from '@pessoa/service/processes/free-port';
import pg from 'pg';

/** Path in Debian's package pgbouncer. */
const PROGRAM = '/usr/sbin/pgbouncer';

/** A PgBouncer between tests and their bases. Each transaction gets any free connection to the server. */
export interface PgBouncer {
  /** The same database and role through the pooler. @throws Error for another server */
  through(url: string): string;
  close(): Promise<void>;
}

/**
 * Starts a PgBouncer in transaction mode that refuses unknown start-up parameters.
 *
 * @param urls connection strings of the roles that use it, all of one server
 * @param connections number of connections to the server for each role and database; default 2
 * @throws Error when PgBouncer is not installed or does not start
 */
export async function startPgBouncer(urls: readonly string[], connections = 2): Promise<PgBouncer> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} does not exist: apt-get install pgbouncer`);
  const home = await mkdtemp(join(tmpdir(), 'pessoa-pgbouncer-'));
  const [server] = urls.map((url) => new URL(url));
  const port = await freePort();
  const users = new Map(urls.map((url) => new URL(url)).map(({ username, password }) => [username, password]));
  const files = {
    'users.txt': [...users]
      .map(([name, word]) => `"${decodeURIComponent(name)}" "${decodeURIComponent(word)}"\n`)
      .join(''),
    'pgbouncer.ini': `[databases]
* = host=${server!.hostname} port=${server!.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(home, 'users.txt')}
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 500
`,
  };
  await chmod(home, 0o755);
  const user = serverUser();
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(home, name), text, { mode: 0o600 });
    if (user) await chown(join(home, name), user.uid, user.gid);
  }
  const child = spawn(PROGRAM, [join(home, 'pgbouncer.ini')], {
    ...user,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk).slice(-4_000)));
  const through = (url: string): string => {
    const { host } = new URL(url);
    if (host !== server!.host) throw new Error(`this PgBouncer does not lead to ${host}`);
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM')) await closed;
    await rm(home, { recursive: true, force: true });
  };
  while (!(await answers(through(urls[0]!)))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer did not start: ${output.trim()}`);
    await sleep(50);
  }
  return { through, close };
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

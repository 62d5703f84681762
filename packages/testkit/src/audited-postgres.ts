import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serverUser } from '@pessoa/databases/embedded/postgres-binaries';
import { freePort } from '@pessoa/service/processes/free-port';
import pg from 'pg';

const run = promisify(execFile);

/** Paths of Debian's packages postgresql-15 and postgresql-15-pgaudit. */
const PROGRAMS = '/usr/lib/postgresql/15/bin';
const PGAUDIT = '/usr/lib/postgresql/15/lib/pgaudit.so';
const START_MILLIS = 30_000;

/** The settings of docs/audit.md. */
export const auditedSettings: Readonly<Record<string, string>> = {
  shared_preload_libraries: 'pgaudit',
  logging_collector: 'on',
  log_destination: 'csvlog,jsonlog',
  log_timezone: 'UTC',
  'pgaudit.log': 'read, write, role, ddl, misc_set',
  'pgaudit.log_parameter': 'on',
  'pgaudit.log_relation': 'on',
};

/** A test's own PostgreSQL 15 with pgaudit, on a free port. The test may stop it and change its settings. */
export interface AuditedPostgres {
  /** Connection string of the superuser. */
  readonly url: string;
  /** A copy of its log in one form, with everything that was run before the call. */
  logFile(form: 'csv' | 'json'): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param settings in place of some of `auditedSettings`
 * @throws Error when the packages are not installed or the server does not start
 */
export async function startAuditedPostgres(settings: Readonly<Record<string, string>> = {}): Promise<AuditedPostgres> {
  if (!existsSync(PGAUDIT)) throw new Error(`${PGAUDIT} does not exist: apt-get install postgresql-15-pgaudit`);
  const home = await mkdtemp(join(tmpdir(), 'pessoa-pgaudit-'));
  const user = serverUser();
  await chmod(home, 0o755);
  if (user) await chown(home, user.uid, user.gid);
  const data = join(home, 'data');
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  const flags = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync', '--allow-group-access']; // prettier-ignore
  await run(join(PROGRAMS, 'initdb'), [`--pgdata=${data}`, ...flags], { ...user, cwd: home, env });
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: '200',
    log_directory: join(home, 'log'),
    log_filename: 'base.log',
    log_file_mode: '0644',
    log_rotation_age: '0',
    log_rotation_size: '0',
    ...auditedSettings,
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(PROGRAMS, 'postgres'), ['-D', data, ...options], { ...user, cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] }); // prettier-ignore
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk).slice(-4_000)));
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGINT')) await closed;
    await rm(home, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_MILLIS;
  while (!(await runs(url, 'SELECT 1'))) {
    if (child.exitCode === null && performance.now() < deadline) await sleep(50);
    else throw new Error(`PostgreSQL with pgaudit did not start: ${output.trim()}`, { cause: await close() });
  }
  return {
    url,
    async logFile(form) {
      // What came before the mark is in the file when the mark is.
      const mark = randomUUID();
      await runs(url, `DO $$ BEGIN RAISE LOG 'mark ${mark}'; END $$`);
      let text = '';
      while (!text.includes(mark) || !text.endsWith('\n')) {
        await sleep(50);
        text = await readFile(join(home, 'log', `base.${form}`), 'utf8').catch(() => '');
      }
      const file = join(home, `${mark}.${form}`);
      await writeFile(file, text);
      return file;
    },
    close,
  };
}

async function runs(connectionString: string, statement: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(statement);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

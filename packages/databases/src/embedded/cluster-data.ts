import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { processEntry } from '@pessoa/service/processes/process-table';
import type { PostgresPlace } from './postgres-binaries.ts';

/**
 * Creates the cluster's data folder unless it exists. The folder gets its name when it is complete: after a killed first start, the next
 * one begins again.
 *
 * @returns the superuser's password
 */
export async function ensureCluster(place: PostgresPlace, data: string): Promise<string> {
  const passwordFile = join(place.home, 'superuser-password');
  if (await exists(join(data, 'PG_VERSION'))) return readPassword(passwordFile);
  await removeUnfinished(place.home);
  const unfinished = `${data}-${process.pid}`;
  const password = randomBytes(24).toString('base64url');
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (place.user) for (const path of [unfinished, passwordFile]) await chown(path, place.user.uid, place.user.gid);
  const flags = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(place, place.initdb, [`--pgdata=${unfinished}`, `--pwfile=${passwordFile}`, ...flags]);
  await rename(unfinished, data);
  return password;
}

function readPassword(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${cause.code}): the data beside it is inaccessible without it`, { cause });
  });
}

async function removeUnfinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const [, pid] = /^data-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !processEntry(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

/** Shortens the output of a failed PostgreSQL program: a full disk becomes one sentence. */
export const plainReason = (output: string): string =>
  /No space left on device/.test(output) ? 'the disk of its data is full' : output.trim();

async function run(place: PostgresPlace, program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, {
    ...place.user,
    cwd: place.home,
    ...plainEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk));
  await new Promise<void>((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`${program} could not be run`, { cause })));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} failed: ${plainReason(output)}`)),
    );
  });
}

/**
 * A fixed environment for initdb and the server. initdb writes TZ and the locale into the cluster's configuration and fails for an
 * unknown locale; the server takes defaults from PGDATESTYLE and the like. Windows programs need more variables to start, and get
 * ours.
 */
export const plainEnvironment =
  platform() === 'win32' ? {} : { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false); // prettier-ignore

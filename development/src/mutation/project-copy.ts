import { execFileSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '@pessoa/operations/system/home';

/** A copy of the project for planted faults. The working tree does not change. */
export interface ProjectCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Copies tracked and untracked files and the generated clients, and links the installed packages. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-mutation-'));
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
      .split('\0')
      .filter((file) => file !== '' && existsSync(join(root, file)));
  const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard');
  const generated = git(
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--',
    'subgraphs/*/src/generated/*',
  );
  for (const file of new Set([...files, ...generated])) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  const workspaces = [
    '',
    ...new Set(files.filter((file) => file.endsWith('/package.json')).map((file) => dirname(file))),
  ];
  for (const workspace of workspaces) {
    await linkPackages(join(root, workspace, 'node_modules'), join(folder, workspace, 'node_modules'));
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Links each package to the installed one. The links of our workspaces are relative, so they lead into the copy. */
async function linkPackages(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) await symlink(readlinkSync(source), target);
    else if (entry.name === '@pessoa') await linkPackages(source, target);
    else await symlink(source, target);
  }
}

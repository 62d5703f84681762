import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** `noticed`: a test failed. `stale`: the passage is not in its file, or more than once. */
export type Verdict = 'noticed' | 'survived' | 'stale';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
/** A fault may make a test wait forever. */
const RUN_MILLIS = 180_000;

/** Plants one fault in the copy in `folder`, runs its suites, and restores the file. */
export async function judgeFault(fault: Fault, folder: string, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const file = join(folder, fault.file);
  const original = await readFile(file, 'utf8').catch(() => '');
  if (original.split(fault.from).length !== 2) return 'stale';
  await writeFile(
    file,
    original.replace(fault.from, () => fault.to),
  );
  try {
    return (await passes(fault.suites, folder, env)) ? 'survived' : 'noticed';
  } finally {
    await writeFile(file, original);
  }
}

/**
 * Runs suites for at most three minutes.
 * @param output `inherit` shows jest's output
 * @returns true when every suite passes
 */
export function passes(
  suites: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
  output: 'ignore' | 'inherit' = 'ignore',
): Promise<boolean> {
  return new Promise((resolve) => {
    const args = [...JEST, '--bail', '--forceExit', '--silent', ...suites];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env,
      stdio: ['ignore', output, output],
      detached: true,
    });
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), RUN_MILLIS);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

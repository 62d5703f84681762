import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** `noticed`: a test failed. `stale`: the passage is not in its file, or more than once. */
export type Verdict = 'noticed' | 'survived' | 'stale';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
/** A fault may make a test wait for ever. */
const RUN_MILLIS = 180_000;

/** Plants one fault in the copy, runs the suites beside it, and takes it out again. */
export async function plant(fault: Fault, folder: string, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const file = join(folder, fault.file);
  const sound = await readFile(file, 'utf8').catch(() => '');
  if (sound.split(fault.from).length !== 2) return 'stale';
  await writeFile(
    file,
    sound.replace(fault.from, () => fault.to),
  );
  try {
    return (await passes(fault.suites, folder, env)) ? 'survived' : 'noticed';
  } finally {
    await writeFile(file, sound);
  }
}

/** True when every suite passes. @param output `inherit` shows what jest says */
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

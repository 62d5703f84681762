import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from '../system.ts';

const run = promisify(execFile);

/** Runs `docker compose` on docker-compose.yml. @returns its standard output */
export async function compose(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', ['compose', ...args], { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

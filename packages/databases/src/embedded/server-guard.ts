import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Waits for the end of its input, which comes with the end of whoever started it, SIGKILL included, and then stops the
 * server, unless another process has taken it over by then. A line of input releases it.
 */
const GUARD = 'read -r _ || { read -r owner _ <"$3"; [ "$owner" = "$2" ] && kill -INT "$1"; }';

/** What stops a server of ours when this process ends without doing so. */
export interface ServerGuard {
  release(): void;
}

/**
 * @param ownerFile begins with the pid of the process that is to stop the server
 */
export function guardServer(serverPid: number, ownerFile: string): ServerGuard {
  // A session of its own: what ends our process group must not end the guard before us.
  const guard: ChildProcess = spawn(
    'sh',
    ['-c', GUARD, 'pessoa-guard', String(serverPid), String(process.pid), ownerFile],
    { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  );
  guard.on('error', () => {}); // without a shell the next start takes the server over
  guard.unref();
  const input = guard.stdin!;
  input.on('error', () => {});
  (input as unknown as { unref?: () => void }).unref?.();
  return { release: () => void input.end('\n') };
}

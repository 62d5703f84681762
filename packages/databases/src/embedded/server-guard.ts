import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Shell script that waits until its input ends, which happens when its parent ends, even by SIGKILL. Then it stops the server, unless
 * another process has taken the server over. A line of input makes it exit without effect.
 */
const GUARD = 'read -r _ || { read -r owner _ <"$3"; [ "$owner" = "$2" ] && kill -INT "$1"; }';

/** Stops the server when this process ends without stopping it. */
export interface ServerGuard {
  release(): void;
}

/** @param ownerFile its first word is the pid of the process that is to stop the server */
export function guardServer(serverPid: number, ownerFile: string): ServerGuard {
  // The guard gets its own session, so that a signal to our process group does not end it before us.
  const guard: ChildProcess = spawn(
    'sh',
    ['-c', GUARD, 'pessoa-guard', String(serverPid), String(process.pid), ownerFile],
    { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  );
  guard.on('error', () => {}); // without a shell there is no guard: the next start takes the server over
  guard.unref();
  const input = guard.stdin!;
  input.on('error', () => {});
  (input as unknown as { unref?: () => void }).unref?.();
  return { release: () => void input.end('\n') };
}

import { basename } from 'node:path';
import { isRunning, processEntry, type ProcessMark, signal } from './process-table.ts';

/** Why a process ends: a signal, or the end of npm or of the supervisor that started it. */
export type EndReason = NodeJS.Signals | 'npm is gone' | 'the supervisor is gone';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Within this time a second signal counts as the same: on Ctrl-C both the terminal and npm send us one. */
const SAME_SIGNAL_MILLIS = 1_000;
const POLL_MILLIS = 250;
/** The argument with which a supervisor starts us. It then keeps our standard input open as long as it lives. */
export const SUPERVISED = '--supervised';

/**
 * Calls `end` once when this process must end: on a signal, or when npm or the supervisor that started it has ended. (When
 * npm is killed, only its shell ends.)
 *
 * @param endNow called for a further signal, more than 1 s after `end`
 */
export function onEnd(end: (reason: EndReason) => void, endNow: () => void): void {
  let endingSinceMillis: number | undefined;
  const begin = (reason: EndReason): void => {
    if (endingSinceMillis !== undefined) return;
    endingSinceMillis = performance.now();
    end(reason);
  };
  for (const name of SIGNALS)
    process.on(name, () => {
      if (endingSinceMillis !== undefined && performance.now() - endingSinceMillis > SAME_SIGNAL_MILLIS) endNow();
      else begin(name);
    });
  onNpmGone(() => begin('npm is gone'));
  onSupervisorGone(() => begin('the supervisor is gone'));
}

/** Calls `callback` when the supervisor has ended in any way. Without a supervisor it does nothing. */
export function onSupervisorGone(callback: () => void): void {
  if (!process.argv.includes(SUPERVISED)) return;
  const { stdin } = process;
  const handleGone = (): void => {
    callback();
    // `node --watch` would otherwise go on and wait until our files change.
    if (process.env['WATCH_REPORT_DEPENDENCIES']) signal(process.ppid, 'SIGTERM'); // oxlint-disable-line node/no-process-env -- set by Node, no setting
  };
  stdin.once('end', handleGone).once('error', handleGone).resume();
}

function onNpmGone(callback: () => void): void {
  const starters = npmAncestors();
  if (starters.length === 0) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && starters.every(isRunning)) return;
    clearInterval(timer);
    callback();
  }, POLL_MILLIS);
  timer.unref();
}

/** The npm process that started us and, if there is one, the shell between; empty without npm. */
function npmAncestors(): ProcessMark[] {
  const parent = processEntry(process.ppid);
  if (!parent) return [];
  if (isNpm(parent.command)) return [parent];
  const grandparent = processEntry(parent.ppid);
  const isShellOfOurs = / -c /.test(parent.command) && parent.command.includes(basename(process.argv[1] ?? ''));
  return isShellOfOurs && grandparent && isNpm(grandparent.command) ? [parent, grandparent] : [];
}

/** npm replaces its process title, so its command may be `npm start` or `npm run debt`. */
function isNpm(command: string): boolean {
  const [program = '', ...words] = command.split(' ');
  const names = [program, ...words].map((word) => word.slice(word.lastIndexOf('/') + 1));
  const isScript = (name: string): boolean => /^(?:npm|pnpm|yarn)/.test(name) && /\.c?js$/.test(name);
  return ['npm', 'pnpm', 'yarn', 'bun'].includes(names[0] ?? '') || names.some(isScript);
}

/** Ignores write errors of standard output and error: the process goes on when its terminal or reader is closed. */
export function ignoreOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

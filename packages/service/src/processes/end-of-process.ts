import { basename } from 'node:path';
import { isRunning, processEntry, type ProcessMark, signal } from './process-table.ts';

/** Why a process ends: a signal, or that whoever started it is gone. */
export type EndReason = NodeJS.Signals | 'npm is gone' | 'the supervisor is gone';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** npm hands on the Ctrl-C that the terminal has sent to us as well; nobody presses twice as fast. */
const SAME_SIGNAL_MILLIS = 1_000;
const LOOK_MILLIS = 250;
/** The argument by which a supervisor says that it holds our standard input open for as long as it lives. */
export const SUPERVISED = '--supervised';

/**
 * Calls `end` when this process is to end: by a signal, because npm that started it is gone (whose own end kills only its
 * shell), or because its supervisor is.
 *
 * @param endNow called for a signal that comes again while it ends
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

/** Calls `then` when the supervisor, if there is one, has ended, however it did. */
export function onSupervisorGone(then: () => void): void {
  if (!process.argv.includes(SUPERVISED)) return;
  const { stdin } = process;
  const gone = (): void => {
    then();
    // `node --watch` would wait for a change of our files.
    if (process.env['WATCH_REPORT_DEPENDENCIES']) signal(process.ppid, 'SIGTERM'); // oxlint-disable-line node/no-process-env -- set by Node, no setting
  };
  stdin.once('end', gone).once('error', gone).resume();
}

function onNpmGone(then: () => void): void {
  const starters = npmAbove();
  if (starters.length === 0) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && starters.every(isRunning)) return;
    clearInterval(timer);
    then();
  }, LOOK_MILLIS);
  timer.unref();
}

/** npm and, where there is one between it and us, the shell; empty when no npm started us. */
function npmAbove(): ProcessMark[] {
  const parent = processEntry(process.ppid);
  if (!parent) return [];
  if (isNpm(parent.command)) return [parent];
  const grandparent = processEntry(parent.ppid);
  const isShellOfOurs = / -c /.test(parent.command) && parent.command.includes(basename(process.argv[1] ?? ''));
  return isShellOfOurs && grandparent && isNpm(grandparent.command) ? [parent, grandparent] : [];
}

/** npm writes what it does over its own arguments: `npm start`, `npm run debt`. */
function isNpm(command: string): boolean {
  const [program = '', ...words] = command.split(' ');
  const names = [program, ...words].map((word) => word.slice(word.lastIndexOf('/') + 1));
  const isScript = (name: string): boolean => /^(?:npm|pnpm|yarn)/.test(name) && /\.c?js$/.test(name);
  return ['npm', 'pnpm', 'yarn', 'bun'].includes(names[0] ?? '') || names.some(isScript);
}

/** Writing to a terminal that was closed, or to a reader that has ended, is no reason to end. */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

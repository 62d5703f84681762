import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SUPERVISED } from '../../src/processes/end-of-process.ts';
import { parseMark, markOf, isRunning, ownMark, processEntry, formatMark } from '../../src/processes/process-table.ts';

const SCRIPT = fileURLToPath(new URL('./process-under-test.ts', import.meta.url));

describe('A process', () => {
  let folder: string;
  let notes: string;
  let started: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pessoa-end-'));
    notes = join(folder, 'notes');
  });
  afterEach(async () => {
    const [notedPid] = await noted();
    for (const pid of [notedPid, started?.pid]) if (pid && processEntry(pid)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  });

  const noted = async (): Promise<[pid: number | undefined, reason: string]> => {
    const [, pid, reason = ''] = /^(\d+) ?(.*)$/.exec(await readFile(notes, 'utf8').catch(() => '')) ?? [];
    return [pid === undefined ? undefined : Number(pid), reason];
  };
  const { NODE_OPTIONS: _, ...env } = process.env;
  const start = (command: string, args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess =>
    (started = spawn(command, args, { cwd: folder, env, stdio: [stdin, 'pipe', 'pipe'], detached: true }));

  async function untilStarted(): Promise<number> {
    for (;;) {
      const [pid] = await noted();
      if (pid !== undefined) return pid;
      await sleep(20);
    }
  }
  async function reasonOfEnd(pid: number): Promise<string> {
    while (processEntry(pid)) await sleep(20);
    return (await noted())[1];
  }

  async function startByNpm(script: string): Promise<{ npm: ChildProcess; pid: number }> {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { start: script } }));
    const npm = start('npm', ['start']);
    return { npm, pid: await untilStarted() };
  }
  /** The script of npm: its shell runs the process as a child, or is replaced by it. */
  const byShell = `node "${SCRIPT}" notes`;
  const direct = `exec ${byShell}`;

  it.each([
    ['SIGINT', direct, 'SIGINT'],
    ['SIGTERM', direct, 'SIGTERM'],
    ['SIGHUP', direct, 'npm is gone'],
    ['SIGKILL', direct, 'npm is gone'],
    ['SIGTERM', byShell, 'npm is gone'],
    ['SIGHUP', byShell, 'npm is gone'],
    ['SIGKILL', byShell, 'npm is gone'],
  ] as const)('ends when the npm that started it gets %s (%s)', async (signal, script, reason) => {
    const { npm, pid } = await startByNpm(script);
    npm.kill(signal);
    expect(await reasonOfEnd(pid)).toBe(reason);
  });

  it('ends when the shell between npm and the process is killed', async () => {
    const { pid } = await startByNpm(byShell);
    process.kill(processEntry(pid)!.ppid, 'SIGKILL');
    expect(await reasonOfEnd(pid)).toBe('npm is gone');
  });

  it('counts Ctrl-C once, although both the terminal and npm send a signal', async () => {
    const { npm, pid } = await startByNpm(direct);
    process.kill(-npm.pid!, 'SIGINT');
    expect(await reasonOfEnd(pid)).toBe('SIGINT');
  });

  it('ends at once when the signal comes again while it ends', async () => {
    start(process.execPath, [SCRIPT, notes, '--slow']);
    const pid = await untilStarted();
    process.kill(pid, 'SIGTERM');
    while ((await noted())[1] === '') await sleep(20);
    await sleep(1_100); // within a second it would count as the same signal
    process.kill(pid, 'SIGTERM');
    expect(await reasonOfEnd(pid)).toBe('at once');
  });

  it('ends when its terminal is closed and nobody reads what it writes', async () => {
    const child = start(process.execPath, [SCRIPT, notes]);
    const pid = await untilStarted();
    child.stdout!.destroy();
    child.stderr!.destroy();
    process.kill(pid, 'SIGHUP');
    expect(await reasonOfEnd(pid)).toBe('SIGHUP');
  });

  it('ends when its supervisor is killed', async () => {
    const supervisor = `require('child_process').spawn(process.execPath, [${JSON.stringify(SCRIPT)}, 'notes', '${SUPERVISED}'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true }); setInterval(() => {}, 60_000)`;
    const child = start(process.execPath, ['--eval', supervisor]);
    const pid = await untilStarted();
    child.kill('SIGKILL');
    expect(await reasonOfEnd(pid)).toBe('the supervisor is gone');
  });

  it('goes on when the script that started it has ended, and when it has no input', async () => {
    const script = start('sh', ['-c', `"${process.execPath}" "${SCRIPT}" notes </dev/null & exit 0`]);
    const pid = await untilStarted();
    while (script.exitCode === null) await sleep(20);
    await sleep(600); // it must not end in this time, which is twice the interval of its check
    expect(await noted()).toEqual([pid, '']);
  });
});

describe('The table of processes', () => {
  it('recognizes a process, and not another one with the same pid', () => {
    const mark = ownMark();
    expect(isRunning(mark)).toBe(true);
    expect(isRunning({ ...mark, startedAt: '1@another-boot' })).toBe(false);
    expect(parseMark(formatMark(mark))).toEqual(mark);
    expect(parseMark('')).toBeUndefined();
    expect(processEntry(process.pid)).toMatchObject({ ppid: process.ppid, command: expect.stringContaining('node') });
  });

  it('does not count a zombie as running', async () => {
    // The shell replaces itself, before its child ends, by a program that never collects the child.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = await new Promise<[Buffer]>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve([chunk])));
      const pid = Number(line.toString());
      while (processEntry(pid)) await sleep(20);
      expect(markOf(pid)).toBeUndefined();
      expect(process.kill(pid, 0)).toBe(true);
    } finally {
      parent.kill('SIGKILL');
    }
  }); // prettier-ignore
});

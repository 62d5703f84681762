import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { processesOf } from '../src/processes-of.ts';
import {
  createSystemSandbox,
  root,
  stopRun,
  type SystemSandbox,
  type SystemRun,
  waitUntil,
} from '../src/started-system.ts';

// The databases run already: this suite starts and kills the system only.
describe('When a process of npm start is killed', () => {
  let place: SystemSandbox;
  let running: SystemRun | undefined;
  beforeAll(async () => {
    place = await createSystemSandbox({ onTestBases: true });
    place.env['TOPOLOGY'] = 'separate'; // the harder case
  });
  afterEach(async () => {
    if (running) await stopRun(running);
    running = undefined;
    await untilNothingIsLeft();
  });
  afterAll(() => place.remove());

  const pidOf = (source: string): number =>
    processesOf(place.home).find(({ command }) => command.includes(source) && command.startsWith('node'))?.pid ??
    processesOf(place.home).find(({ command }) => command.includes(source))!.pid;
  const untilNothingIsLeft = (): Promise<void> => waitUntil(() => processesOf(place.home).length === 0);

  it('no other stays behind, and an immediate next start works', async () => {
    running = await place.start();
    const supervisor = pidOf('development/src/start/main.ts');
    const services = processesOf(place.home).filter(({ ppid }) => ppid === supervisor);
    expect(services.map(({ command }) => /(debt|score|event|auditor|router)\/src\/main/.exec(command)?.[1]).sort()).toEqual(['auditor', 'debt', 'event', 'router', 'score']); // prettier-ignore

    // A start in another folder with the same ports reports who has each of them.
    const other = await createSystemSandbox({ onTestBases: true, ports: place.env });
    try {
      const second = other.spawnStart();
      await waitUntil(() => second.child.exitCode !== null);
      for (const name of ['DEBT_PORT', 'SCORE_PORT', 'EVENT_PORT', 'AUDITOR_PORT', 'ROUTER_PORT'])
        expect(second.output()).toMatch(new RegExp(`  ${name}: port ${place.env[name]} is taken by Pessoa itself, its \\w+ \\(pid \\d+, started by pid ${supervisor}\\)`)); // prettier-ignore
    } finally {
      await other.remove();
    }

    // SIGTERM to npm, and a new start before the end.
    running.child.kill('SIGTERM');
    running = await place.start();
    expect(processesOf(place.home).map(({ pid }) => pid)).not.toContain(supervisor);

    // SIGKILL to the supervisor.
    process.kill(pidOf('development/src/start/main.ts'), 'SIGKILL');
    running = await place.start();

    // SIGKILL to a service: the others end, with a message.
    process.kill(pidOf('score/src/main.ts'), 'SIGKILL');
    await waitUntil(() => running!.child.exitCode !== null);
    expect(running.child.exitCode).toBe(1);
    expect(running.output()).toContain('score ended by itself (SIGKILL), and the rest is stopped');
    await untilNothingIsLeft();
  }, 300_000);

  it('before the system is ready, no process stays behind either', async () => {
    running = place.spawnStart();
    await waitUntil(() => running!.output().includes('starting debt'));
    process.kill(-running.child.pid!, 'SIGKILL');
    await untilNothingIsLeft();
  }, 120_000);

  it('a start reports the program that has a port', async () => {
    const blocking = createServer();
    blocking.listen(Number(place.env['EVENT_PORT']), '127.0.0.1');
    await once(blocking, 'listening');
    const script = `require('net').createServer().listen(${place.env['SCORE_PORT']}, '127.0.0.1', () => console.log('listening'))`;
    const stranger = spawn(process.execPath, ['--eval', script], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(stranger.stdout, 'data');
      running = place.spawnStart();
      await waitUntil(() => running!.child.exitCode !== null);
      expect(running.output()).toContain(`SCORE_PORT: port ${place.env['SCORE_PORT']} is taken by node (pid ${stranger.pid})`);
      expect(running.output()).toMatch(new RegExp(`EVENT_PORT: port ${place.env['EVENT_PORT']} is taken by node jest.js \\(pid ${process.pid}\\)|EVENT_PORT: port \\d+ is taken by node`)); // prettier-ignore
    } finally {
      stranger.kill('SIGKILL');
      blocking.close();
    }
  }, 60_000); // prettier-ignore
});

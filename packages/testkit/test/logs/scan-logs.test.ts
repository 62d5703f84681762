import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scanLogs } from '../../src/logs/scan-logs.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Runs the suite that logs in a jest of its own, on the PostgreSQL of this run. */
const runLogging = (rota: string): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const args = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testMatch', '**/suite-that-logs.ts'];
    const env = { ...process.env, PESSOA_TEST_LOGGED: rota };
    const child = execFile(process.execPath, args, { cwd: ROOT, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });

describe('The scan at the end of a run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pessoa-scan-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('fails the run, although every test passes', async () => {
    const leaking = await runLogging('/divida/529.982.247-25');
    expect(leaking.output).toContain('Tests:       1 passed');
    expect(leaking).toMatchObject({ code: 1, output: expect.stringMatching(/logs hold what no log may hold:\n.*: CPF: /) }); // prettier-ignore
    expect(await runLogging('/divida/:cpf')).toMatchObject({ code: 0 });
  }, 120_000);

  it('reads keys, texts at any depth, whole numbers, and lines that are no JSON', async () => {
    const lines = [
      '{"ms":12.52998224725,"time":"2026-11-28T19:51:54.123Z","pessoas":["q83vEjRWeJCrze8S"]}',
      '{"a":[{"b":"52998224725"}]}',
      '{"52998224725":1}',
      '{"a":52998224725}',
      'Error: Bruno Fictício',
    ];
    await writeFile(join(folder, 'router.log'), lines.join('\n'));
    const fault = (await scanLogs(folder).catch((error: Error) => error)) as Error;
    expect(fault.message.split('\n').slice(1)).toEqual([
      `router.log: CPF: ${lines[1]}`,
      `router.log: CPF: ${lines[2]}`,
      `router.log: CPF: ${lines[3]}`,
      `router.log: name: ${lines[4]}`,
    ]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@pessoa/service/processes/free-port';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { LogUnderTest, texts } from './log-under-test.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const log = new LogUnderTest(texts(400));

describe('A witness that is killed', () => {
  let folder: string;
  let url: string;
  let witness: ChildProcess;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'witness-'));
  });
  afterEach(async () => {
    witness.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  async function start(): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    witness = spawn(process.execPath, [MAIN], {
      env: {
        ...bareEnvironment(),
        WITNESS_PORT: String(port),
        WITNESS_NAME: 'witness.example/w1',
        WITNESS_KEY: Buffer.alloc(32, 7).toString('base64url'),
        WITNESS_LOGS: log.key,
        WITNESS_STATE: folder,
      },
      stdio: 'ignore',
    });
    while (!(await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) await sleep(20);
  }

  const post = async (body: string): Promise<[status: number, text: string] | undefined> => {
    const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) }).catch(() => undefined); // prettier-ignore
    const text = await response?.text().catch(() => undefined);
    return response && text !== undefined ? [response.status, text] : undefined;
  };

  it('knows at its next start whatever it had cosigned', async () => {
    let cosigned = 0;
    for (let kill = 0; kill < 4; kill += 1) {
      await start();
      // An old size that it cannot have cosigned.
      const [status, text] = (await post(await log.request(399, 400)))!;
      expect(status).toBe(409);
      // What it signed last, or one more: it was killed after the write and before the answer.
      const known = Number(text);
      expect([cosigned, cosigned + 1]).toContain(known);
      cosigned = known;
      const killed = once(witness, 'exit');
      setTimeout(() => witness.kill('SIGKILL'), 30 + 40 * kill);
      for (;;) {
        const answer = await post(await log.request(cosigned, cosigned + 1));
        if (!answer) break;
        expect(answer[0]).toBe(200);
        cosigned += 1;
      }
      await killed;
    }
    expect(cosigned).toBeGreaterThan(4);
  }, 120_000);
});

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faultsOfPorts } from '../../src/start/ports.ts';
import { readStartSettings } from '../../src/start/start-settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-ports-'));
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * Listens on a port below those that the kernel gives to whoever asks for any: another test does not come upon the port 100 below it.
 */
async function holdPort(): Promise<{ readonly port: number; close(): void }> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const holder = createServer();
    const isListening = await new Promise<boolean>((resolve) => {
      holder.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isListening) return { port, close: () => holder.close() };
  }
}

describe('A port that is taken', () => {
  it('is reported with the process that has it', async () => {
    const holder = await holdPort();
    try {
      const { port } = holder;
      const settings = await readStartSettings({ PESSOA_HOME: folder, SCORE_PORT: String(port) }, []);
      const faults = (await faultsOfPorts(settings.ports)).filter((fault) => fault.startsWith('SCORE_PORT'));
      expect(faults).toEqual([expect.stringMatching(new RegExp(`^SCORE_PORT: port ${port} is taken by node.* \\(pid ${process.pid}\\): stop that`))]); // prettier-ignore
    } finally {
      holder.close();
    }
  });

  it('is reported for metrics too, by default 100 above the service’s port', async () => {
    const holder = await holdPort();
    try {
      const { port } = holder;
      for (const env of [{ SCORE_METRICS_PORT: String(port) }, { SCORE_PORT: String(port - 100) }]) {
        const { ports } = await readStartSettings({ PESSOA_HOME: folder, ...env }, []);
        const faults = (await faultsOfPorts(ports)).filter((fault) => fault.startsWith('SCORE_METRICS_PORT'));
        expect(faults).toEqual([expect.stringContaining(`SCORE_METRICS_PORT: port ${port} is taken by node`)]);
      }
    } finally {
      holder.close();
    }
  });

  it.each([
    ['a program', 'servidor.js', /^SCORE_PORT: port \d+ is taken by node servidor\.js \(pid \d+\): stop that/],
    ['another Pessoa', 'subgraphs/score/src/main.ts', /^SCORE_PORT: port \d+ is taken by Pessoa itself, its score \(pid \d+\) of .*pasta com espaço/],
  ])('is reported with %s that has it, in a folder with a space', async (_, file, words) => {
    const place = join(folder, 'pasta com espaço');
    await mkdir(join(place, dirname(file)), { recursive: true });
    await symlink(process.execPath, join(place, 'node')).catch(() => undefined); // the other case made it
    await writeFile(join(place, file), "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port));");
    const holder = spawn(join(place, 'node'), [join(place, file)], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [port] = (await once(holder.stdout, 'data')) as [Buffer];
      const settings = await readStartSettings({ PESSOA_HOME: folder, SCORE_PORT: String(port).trim() }, []);
      const faults = (await faultsOfPorts(settings.ports)).filter((fault) => fault.startsWith('SCORE_PORT'));
      expect(faults).toEqual([expect.stringMatching(words)]);
    } finally {
      holder.kill('SIGKILL');
    }
  }); // prettier-ignore
});

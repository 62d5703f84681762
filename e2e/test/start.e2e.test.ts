import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { processEntry } from '@pessoa/service/processes/process-table';
import { scanForLeaks } from '@pessoa/testkit/leaks';
import { processesOf } from '../src/processes-of.ts';
import { createSystemSandbox, stopRun, type SystemSandbox, type SystemRun, waitUntil } from '../src/started-system.ts';

describe('npm start', () => {
  let place: SystemSandbox;
  let system: SystemRun | undefined;

  beforeAll(async () => {
    place = await createSystemSandbox();
    // An empty variable counts as absent.
    Object.assign(place.env, { JWT_ISSUER: '', CPF_HASH_KEY: '', BASE_A_URL: '', DEBT_URL: '', HOST: '' });
    // A setting in a file: the services would refuse a value from npm start beside it.
    const internalKey = join(place.home, 'internal-key');
    await writeFile(internalKey, `${Buffer.alloc(32, 7).toString('base64url')}\n`);
    place.env['INTERNAL_KEY_FILE'] = internalKey;
  });
  afterEach(async () => {
    if (system) await stopRun(system);
    system = undefined;
  });
  afterAll(() => place.remove());

  it('prints a token, a query and five curl commands that work, keeps its data, and stops completely', async () => {
    const { home, url, shell } = place;
    system = await place.start();
    const printed = system.output().split('\n');
    const token = printed.find((line) => line.startsWith('export TOKEN='))!;
    const curls = printed.filter((line) => line.startsWith('curl '));
    const answers: unknown[] = [];
    expect(curls).toHaveLength(6);
    for (const curl of curls) {
      let output = await shell(`${token}\n${curl}`);
      // On a busy machine a base may exceed its timeout, so the command is repeated.
      for (let again = 0; again < 20 && output.includes('FONTE_LENTA'); again++)
        output = await shell(`${token}\n${curl}`);
      scanForLeaks(output);
      const answer = JSON.parse(output) as Record<string, unknown>;
      expect(answer).not.toHaveProperty('errors');
      expect(answer).not.toHaveProperty('code');
      answers.push(answer);
    }
    const graph = answers[0] as { data: { pessoa: Record<string, never> } };
    expect(graph.data.pessoa).toMatchObject({
      nome: expect.any(String),
      dividas: {
        nodes: expect.arrayContaining([
          { credor: { nome: expect.any(String) }, valorOriginal: expect.stringMatching(/^\d+\.\d\d$/) },
        ]),
      },
      score: { valor: expect.any(Number) },
      eventos: { ultimaConsulta: { dataHora: expect.any(String) }, ultimaCompraCartao: { valor: expect.any(String) } },
    });

    const second = place.spawnStart();
    await waitUntil(() => second.child.exitCode !== null);
    expect(second.output()).toMatch(/Pessoa itself is running in this folder \(pid \d+, http:\/\/127/);
    // A source that was slow once is degraded for ten seconds.
    const healthy = { status: 'ok', fontes: { divida: 'ok', score: 'ok', evento: 'ok' }, chaves: { principal: 'ok' } }; // prettier-ignore
    const health = async (): Promise<unknown> => (await fetch(`${url}/health/ready`)).json();
    for (let look = 0; look < 30 && !isDeepStrictEqual(await health(), healthy); look++) await sleep(1_000);
    expect(await health()).toEqual(healthy);

    const loadedAt = (await stat(join(home, 'demonstration.json'))).mtimeMs;
    // After a SIGKILL no process stays behind, PostgreSQL included. The next start need not wait for that.
    const killed = processesOf(home);
    expect(killed.some(({ command }) => command.includes('postgres'))).toBe(true);
    process.kill(killed.find(({ command }) => command.includes('start/main.ts'))!.pid, 'SIGKILL');
    system = await place.start();
    expect(killed.filter(({ pid }) => processEntry(pid)).map(({ command }) => command)).toEqual([]);
    expect((await stat(join(home, 'demonstration.json'))).mtimeMs).toBe(loadedAt);
    await stopRun(system);
    await expect(fetch(url)).rejects.toThrow();
    await waitUntil(() => processesOf(home).length === 0);
  }, 300_000);
});

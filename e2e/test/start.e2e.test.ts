import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/platform/embedded/postgres-cluster';
import { scanForLeaks } from '@pessoa/testkit/leaks';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

interface System {
  readonly child: ChildProcess;
  readonly output: () => string;
}

describe('npm start', () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  let system: System | undefined;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'pessoa-start-'));
    await chmod(home, 0o755);
    const ports = {
      ROUTER_PORT: await freePort(),
      DEBT_PORT: await freePort(),
      SCORE_PORT: await freePort(),
      EVENT_PORT: await freePort(),
    };
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    env = {
      ...inherited,
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
      PESSOA_HOME: home,
    };
  });
  afterEach(async () => {
    if (system) await stop(system);
    system = undefined;
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  function spawnStart(): System {
    // A process group of its own, as a terminal makes one: Ctrl-C reaches npm, its shell and the system together.
    const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    return { child, output: () => output };
  }

  async function started(): Promise<System> {
    const starting = spawnStart();
    await until(() => {
      if (starting.child.exitCode !== null) throw new Error(`npm start ended: ${starting.output()}`);
      return starting.output().includes('Ctrl-C stops everything.');
    });
    return starting;
  }

  const shell = async (script: string): Promise<string> =>
    (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env })).stdout;
  const url = (): string => `http://127.0.0.1:${env['ROUTER_PORT']}`;

  it('prints a token, a query and five curls that all answer, keeps its data, and stops clean', async () => {
    system = await started();
    const printed = system.output().split('\n');
    const token = printed.find((line) => line.startsWith('export TOKEN='))!;
    const curls = printed.filter((line) => line.startsWith('curl '));
    expect(curls).toHaveLength(6);
    for (const curl of curls) {
      const text = await shell(`${token}\n${curl}`);
      scanForLeaks(text);
      const answer = JSON.parse(text) as Record<string, unknown>;
      expect(answer).not.toHaveProperty('errors');
      expect(answer).not.toHaveProperty('code');
    }
    const graph = JSON.parse(await shell(`${token}\n${curls[0]}`)) as { data: { pessoa: Record<string, never> } };
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

    for (const readme of ['README.md', 'README.pt-BR.md']) {
      const [, , ask] = shellBlocks(await readFile(join(root, readme), 'utf8'));
      const here = ask!.replaceAll('localhost:4000', `127.0.0.1:${env['ROUTER_PORT']}`).replace('./.pessoa', home);
      const answers = (await shell(here.replaceAll('\ncurl', '\necho; curl'))).trim().split('\n');
      expect(JSON.parse(answers[0]!)).toMatchObject({ dividas: expect.any(Array) });
      expect(JSON.parse(answers[1]!)).toMatchObject({ data: { pessoa: { score: { valor: expect.any(Number) } } } });
    }

    const second = spawnStart();
    await until(() => second.child.exitCode !== null);
    expect(second.output()).toContain(`port ${env['DEBT_PORT']} is taken: set DEBT_PORT to a free one`);
    const health = (await (await fetch(`${url()}/health/ready`)).json()) as unknown;
    expect(health).toEqual({ status: 'ok', fontes: { divida: 'ok', score: 'ok', evento: 'ok' } });

    const loadedAt = (await stat(join(home, 'demonstration.json'))).mtimeMs;
    await stop(system);
    await expect(fetch(url())).rejects.toThrow();
    system = await started();
    expect((await stat(join(home, 'demonstration.json'))).mtimeMs).toBe(loadedAt);
  }, 90_000);
});

/** The fenced `sh` blocks of a Markdown text. */
const shellBlocks = (markdown: string): string[] =>
  [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block!);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function stop({ child }: System): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid!, 'SIGINT');
  await ended;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '@pessoa/databases/embedded/postgres-cluster';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { faultsOfNeighbours } from '../../src/start/neighbours.ts';
import { faultsOfPorts } from '../../src/start/ports.ts';
import { readStartSettings } from '../../src/start/start-settings.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

const faultsOf = async (env: NodeJS.ProcessEnv): Promise<readonly string[]> =>
  (await readStartSettings({ PESSOA_HOME: folder, ...env }, [])).faults;

describe('What cannot be, npm start says before it starts anything', () => {
  it('takes what is sound', async () => {
    expect(await faultsOf({})).toEqual([]);
    const redis = 'redis://127.0.0.1:6379/2';
    expect(await faultsOf({ HOST: '::1', ROUTER_PORT: '0', DEBT_PORT: '0', REDIS_URL: redis })).toEqual([]);
  });

  it.each([
    [{ ROUTER_PORT: 'abc' }, ['ROUTER_PORT: is not a port, 0 to 65535']],
    [{ DEBT_PORT: '70000' }, ['DEBT_PORT: is not a port, 0 to 65535']],
    [{ EVENT_PORT: '40.5' }, ['EVENT_PORT: is not a port, 0 to 65535']],
    [{ DEBT_PORT: '5001', SCORE_PORT: '5001' }, ["SCORE_PORT: is port 5001, which is DEBT_PORT's too"]],
    [{ DEBT_METRICS_PORT: '4003' }, ["DEBT_METRICS_PORT: is port 4003, which is EVENT_PORT's too"]],
    [{ ROUTER_METRICS_PORT: '4000' }, ["ROUTER_METRICS_PORT: is port 4000, which is ROUTER_PORT's too"]],
    [
      { DEBT_METRICS_PORT: '5777', SCORE_METRICS_PORT: '5777' },
      ["SCORE_METRICS_PORT: is port 5777, which is DEBT_METRICS_PORT's too"],
    ],
    [{ ROUTER_PORT: '3901' }, ["ROUTER_METRICS_PORT: is port 4001, which is DEBT_PORT's too"]],
    [{ ROUTER_PORT: '65535', DEBT_METRICS_PORT: 'off' }, []],
    [{ EVENT_METRICS_PORT: '4203.5' }, ['EVENT_METRICS_PORT: is neither a port nor off']],
    [
      { METRICS_HOST: '203.0.113.7' },
      [expect.stringMatching(/^METRICS_HOST: 203\.0\.113\.7 is no address of this machine/)],
    ],
    [{ EMBEDDED_POSTGRES_PORT: '4000' }, ["EMBEDDED_POSTGRES_PORT: is port 4000, which is ROUTER_PORT's too"]],
    [{ EMBEDDED_POSTGRES_PORT: 'x' }, ['EMBEDDED_POSTGRES_PORT: is not a port, 1 to 65535']],
    [{ REDIS_URL: 'redis-sentinel://127.0.0.1:26379' }, ['REDIS_URL: is not a redis:// or rediss:// URL']],
    [{ REDIS_SENTINELS: 'a:1' }, ['REDIS_SENTINEL_NAME: is required with REDIS_SENTINELS']],
    [{ ELASTICSEARCH_URL: 'localhost:9200' }, ['ELASTICSEARCH_URL: is not an http(s) URL']],
    [{ BASE_A_URL: 'mysql://x/y' }, ['BASE_A_URL: is not a postgresql:// URL']],
    [{ DEBT_URL: 'not a url' }, ['DEBT_URL: is not an http(s) URL']],
    [{ HOST: '203.0.113.7' }, [expect.stringMatching(/^HOST: 203\.0\.113\.7 is no address of this machine/)]],
    [{ PESSOA_ENV: 'production' }, [expect.stringMatching(/^PESSOA_ENV: is production, which refuses the keys/)]],
    [{ CPF_HASH_KEY: 'short' }, ['CPF_HASH_KEY: is not base64url']],
  ] as const)('%j', async (env, faults) => {
    expect(await faultsOf(env)).toEqual(faults);
  });

  it('all at once, and shows no value', async () => {
    const faults = await faultsOf({ ROUTER_PORT: 'abc', REDIS_URL: 'segredo', LOG_LEVEL: 'alto', HOST: '203.0.113.7' });
    expect(faults.map((fault) => fault.split(':')[0]).toSorted()).toEqual(['HOST', 'LOG_LEVEL', 'REDIS_URL', 'ROUTER_PORT']); // prettier-ignore
    expect(faults.join()).not.toMatch(/segredo|alto/);
  });

  it.each([
    ['a file is where the folder must be', async (home: string) => writeFile(home, ''), 'a file is where a folder must be'],
    ['a file is where its logs must be', async (home: string) => {
      await mkdir(home);
      await writeFile(join(home, 'logs'), '');
    }, 'a file is where a folder must be'],
  ] as const)('%s', async (_, prepare, reason) => {
    const home = join(folder, `home-${Math.random()}`);
    await prepare(home);
    const settings = await readStartSettings({ PESSOA_HOME: home }, []);
    expect(settings.isHomeUsable).toBe(reason === undefined);
    if (reason !== undefined) expect(settings.faults.join()).toContain(reason);
  }); // prettier-ignore

  (isRoot ? it.skip : it)('a folder that this user may not write', async () => {
    const home = join(folder, 'closed');
    await mkdir(home);
    await chmod(home, 0o500);
    expect(await faultsOf({ PESSOA_HOME: home })).toEqual([`PESSOA_HOME: ${home}: this user may not write there`]);
  });

  it('a port that is taken, with who has it', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = holder.address() as AddressInfo;
      const settings = await readStartSettings({ PESSOA_HOME: folder, SCORE_PORT: String(port) }, []);
      const faults = (await faultsOfPorts(settings.ports)).filter((fault) => fault.startsWith('SCORE_PORT'));
      expect(faults).toEqual([expect.stringMatching(new RegExp(`^SCORE_PORT: port ${port} is taken by node.* \\(pid ${process.pid}\\): stop that`))]); // prettier-ignore
    } finally {
      holder.close();
    }
  });

  it('a port for metrics that is taken, by default 100 above', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = holder.address() as AddressInfo;
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
  ])('a port that is taken by %s in a folder with a space', async (_, file, words) => {
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

  describe('of the servers beside it', () => {
    /** Answers /health/ready with a body, and everything else with a status. */
    async function open(health: unknown, status: number): Promise<{ url: string; close: () => void }> {
      const server = createHttpServer((request, response) => {
        const isHealth = request.url === '/health/ready';
        response.writeHead(isHealth ? 200 : status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isHealth ? health : {}));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
    }
    const neighbours = async (env: NodeJS.ProcessEnv): Promise<string[]> =>
      faultsOfNeighbours(await readStartSettings({ PESSOA_HOME: folder, ...env }, []));
    beforeAll(() => ensureDevelopmentKeys(folder));

    it.each([
      ['another program', { ok: true }, 200, "DEBT_URL: what answers there is not Pessoa's Debt"],
      ['another of our services', { fontes: { score: 'ok' } }, 200, "DEBT_URL: what answers there is not Pessoa's Debt"],
      ['the Debt of another system', { fontes: { divida: 'ok' } }, 401, "DEBT_URL: is the Debt of another system, which does not take this one's tokens"],
      ['a Debt of this system', { fontes: { divida: 'ok' } }, 400, undefined],
    ] as const)('DEBT_URL of %s', async (_, health, status, fault) => {
      const server = await open(health, status);
      try {
        expect(await neighbours({ DEBT_URL: `${server.url}/graphql` })).toEqual(fault === undefined ? [] : [fault]);
      } finally {
        server.close();
      }
    }); // prettier-ignore

    it('a URL where nothing answers, one without /graphql, and an index that is none', async () => {
      const server = await open({ cluster_name: undefined }, 404);
      try {
        const faults = await neighbours({
          DEBT_URL: `http://127.0.0.1:${await freePort()}/graphql`,
          SCORE_URL: server.url,
          ELASTICSEARCH_URL: server.url,
        });
        expect(faults).toEqual([
          expect.stringMatching(/^DEBT_URL: nothing answers there/),
          'SCORE_URL: does not end in /graphql',
          'ELASTICSEARCH_URL: what answers there is no Elasticsearch',
        ]);
      } finally {
        server.close();
      }
    });
  });
});

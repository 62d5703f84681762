import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStartSettings } from '../../src/start/start-settings.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

const faultsOf = async (env: NodeJS.ProcessEnv): Promise<readonly string[]> =>
  (await readStartSettings({ PESSOA_HOME: folder, ...env }, [])).faults;

describe('npm start checks its settings before it starts anything', () => {
  it('accepts valid settings', async () => {
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
    [{ AUDITOR_PORT: '4003' }, ["AUDITOR_PORT: is port 4003, which is EVENT_PORT's too"]],
    [{ AUDITOR_NAME: 'a b' }, ['AUDITOR_NAME: is empty, or has white space or a plus']],
    [{ WITNESSES: 'x' }, ['WITNESSES: is not a list of `<verifier key> <URL>`']],
    [{ EVENT_METRICS_PORT: '4203.5' }, ['EVENT_METRICS_PORT: is neither a port nor off']],
    [
      { METRICS_HOST: '203.0.113.7' },
      [expect.stringMatching(/^METRICS_HOST: 203\.0\.113\.7 is not an address of this machine/)],
    ],
    [{ EMBEDDED_POSTGRES_PORT: '4000' }, ["EMBEDDED_POSTGRES_PORT: is port 4000, which is ROUTER_PORT's too"]],
    [{ EMBEDDED_POSTGRES_PORT: 'x' }, ['EMBEDDED_POSTGRES_PORT: is not a port, 1 to 65535']],
    [{ REDIS_URL: 'redis-sentinel://127.0.0.1:26379' }, ['REDIS_URL: is not a redis:// or rediss:// URL']],
    [{ REDIS_SENTINELS: 'a:1' }, ['REDIS_SENTINEL_NAME: is required with REDIS_SENTINELS']],
    [{ ELASTICSEARCH_URL: 'localhost:9200' }, ['ELASTICSEARCH_URL: is not an http(s) URL']],
    [{ BASE_A_URL: 'mysql://x/y' }, ['BASE_A_URL: is not a postgresql:// URL']],
    [{ DEBT_URL: 'not a url' }, ['DEBT_URL: is not an http(s) URL']],
    [{ HOST: '203.0.113.7' }, [expect.stringMatching(/^HOST: 203\.0\.113\.7 is not an address of this machine/)]],
    [{ PESSOA_ENV: 'production' }, [expect.stringMatching(/^PESSOA_ENV: is production, which refuses the keys/)]],
    [{ CPF_HASH_KEY: 'short' }, ['CPF_HASH_KEY: is not base64url']],
  ] as const)('%j has the faults %j', async (env, faults) => {
    expect(await faultsOf(env)).toEqual(faults);
  });

  it('reports all faults at once, without the values', async () => {
    const faults = await faultsOf({ ROUTER_PORT: 'abc', REDIS_URL: 'segredo', LOG_LEVEL: 'alto', HOST: '203.0.113.7' });
    expect(faults.map((fault) => fault.split(':')[0]).toSorted()).toEqual(['HOST', 'LOG_LEVEL', 'REDIS_URL', 'ROUTER_PORT']); // prettier-ignore
    expect(faults.join()).not.toMatch(/segredo|alto/);
  });

  it.each([
    ['itself', (home: string) => writeFile(home, '')],
    ['of the logs', async (home: string) => {
      await mkdir(home);
      await writeFile(join(home, 'logs'), '');
    }],
  ] as const)('reports a file in the place of the data folder %s', async (_, prepare) => {
    const home = join(folder, `home-${Math.random()}`);
    await prepare(home);
    const { isHomeUsable, faults } = await readStartSettings({ PESSOA_HOME: home }, []);
    expect(isHomeUsable).toBe(false);
    expect(faults.join()).toContain('a file is where a folder must be');
  }); // prettier-ignore

  (isRoot ? it.skip : it)('reports a folder that this user may not write', async () => {
    const home = join(folder, 'closed');
    await mkdir(home);
    await chmod(home, 0o500);
    expect(await faultsOf({ PESSOA_HOME: home })).toEqual([`PESSOA_HOME: ${home}: this user may not write there`]);
  });
});

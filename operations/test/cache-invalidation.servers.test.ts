import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@pessoa/service/processes/free-port';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { cacheKeysOf, generationKeyOf } from '@pessoa/subgraph/cache/cache-key';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type OwnRedis, startRedis, startRedisCluster } from '@pessoa/testkit/redis-server';
import { databaseVariables, insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';

const KEY = Buffer.alloc(32, 9);
const hash = cpfHasher(KEY);
const newCpf = cpfSequence(410_000_000);
let bases: TestBases;
let folder: string;
let redis: OwnRedis;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  bases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-cache-'));
  redis = await startRedis();
  env = {
    ...bareEnvironment(),
    PESSOA_HOME: folder,
    ...databaseVariables(bases),
    CPF_HASH_KEY: KEY.toString('base64url'),
    REDIS_URL: redis.url,
  };
});
afterAll(async () => {
  await redis.close();
  await bases.drop();
  await rm(folder, { recursive: true });
});

function run(
  script: string,
  args: string[],
  variables = env,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const main = fileURLToPath(new URL(`../src/${script}`, import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: variables }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
const invalidate = (args: string[], variables = env) => run('cache/invalidate.ts', args, variables);

/** Puts all that may be kept of these people there. */
async function keep(...cpfs: Cpf[]): Promise<void> {
  for (const cpf of cpfs) for (const key of cacheKeysOf(hash, cpf)) await redis.command('SET', key, 'x', 'EX', '600');
}
const keptOf = async (cpf: Cpf): Promise<number> => Number(await redis.command('EXISTS', ...cacheKeysOf(hash, cpf)));

describe('npm run cache:invalidate', () => {
  it('removes everything of the named people from the cache, and nothing of others, and prints no CPF', async () => {
    const [ana, bia, cid] = [newCpf(), newCpf(), newCpf()];
    await keep(ana, bia, cid);
    const typed = [ana, bia.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4'), bia, newCpf()];
    expect(await invalidate(typed)).toEqual({
      code: 0,
      stdout: 'removed the cached data of 2 people\n',
      stderr: '',
    });
    expect(await Promise.all([ana, bia, cid].map(keptOf))).toEqual([0, 0, 2]);
    // A load under way finds another generation, for a while.
    const generation = generationKeyOf(cacheKeysOf(hash, ana)[0]!);
    expect(await redis.command('GET', generation)).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(await redis.command('TTL', generation))).toBeGreaterThan(120);
  });

  it('does the same in a cluster', async () => {
    const nodes = await startRedisCluster();
    const cpfs = Array.from({ length: 12 }, newCpf);
    const [first] = nodes;
    const on = (...words: string[]) => first!.command('-c', ...words);
    for (const cpf of cpfs) for (const key of cacheKeysOf(hash, cpf)) await on('SET', key, 'x', 'EX', '600');
    const { REDIS_URL: _, ...others } = env;
    const REDIS_CLUSTER = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
    expect(await invalidate(cpfs, { ...others, REDIS_CLUSTER })).toMatchObject({ code: 0, stderr: '' });
    for (const cpf of cpfs) expect(await on('EXISTS', ...cacheKeysOf(hash, cpf))).toBe('0');
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('does the same over TLS', async () => {
    const [certificate, privateKey] = [join(folder, 'redis.crt'), join(folder, 'redis.key')];
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...[
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-out',
        certificate,
        '-keyout',
        privateKey,
      ],
    ]);
    const tlsPort = await freePort();
    const secure = await startRedis(
      ...['--tls-port', String(tlsPort), '--tls-cert-file', certificate, '--tls-key-file', privateKey],
      ...['--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'],
    );
    const cpf = newCpf();
    const [key] = cacheKeysOf(hash, cpf);
    await secure.command('SET', key!, 'x');
    const overTls = { ...env, REDIS_URL: `rediss://localhost:${tlsPort}` };
    expect(await invalidate([cpf], overTls)).toMatchObject({ code: 1, stderr: expect.stringContaining('certificate') });
    expect(await invalidate([cpf], { ...overTls, NODE_EXTRA_CA_CERTS: certificate })).toMatchObject({ code: 0 });
    expect(await secure.command('EXISTS', key!)).toBe('0');
    await secure.close();
  });

  it('takes the key of an `npm start` only for a Redis on this machine', async () => {
    const home = join(folder, 'started');
    const { cpfHashKey } = await ensureDevelopmentKeys(home);
    const started: NodeJS.ProcessEnv = { ...env, PESSOA_HOME: home };
    const { CPF_HASH_KEY: _, ...keyless } = started;
    const cpf = newCpf();
    const [key] = cacheKeysOf(cpfHasher(Buffer.from(cpfHashKey, 'base64url')), cpf);
    await redis.command('SET', key!, 'x');
    expect(await invalidate([cpf], keyless)).toMatchObject({
      code: 0,
      stdout: 'removed the cached data of 1 person\n',
    });
    const { REDIS_URL: __, ...elsewhere } = keyless;
    for (const place of [
      { REDIS_URL: 'redis://redis.invalid:6379' },
      { REDIS_URL: 'redis://127.0.0.1.invalid:6379' },
      { REDIS_SENTINELS: '127.0.0.1:1', REDIS_SENTINEL_NAME: 'mestre' },
      { REDIS_CLUSTER: '127.0.0.1:1' },
    ]) {
      expect(await invalidate([cpf], { ...elsewhere, ...place })).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^set CPF_HASH_KEY /),
      });
    }
  });

  it('fails and names the reason: no person, an invalid CPF, no Redis, no answer, no key', async () => {
    const cpf = newCpf();
    const { REDIS_URL: _, ...memoryOnly } = env;
    const { CPF_HASH_KEY: __, ...keyless } = env;
    for (const [args, variables, message] of [
      [[], env, /^name at least one CPF\n\nusage: /],
      [[cpf, '52998224726'], env, /^argument 2 is not a CPF\n\nusage: /],
      [[cpf], memoryOnly, /^no Redis is configured .* Restart Score and Event, or wait: /],
      [[cpf], { ...env, REDIS_URL: 'redis://127.0.0.1:1' }, /^the Redis cannot be reached: /],
      [[cpf], { ...env, REDIS_URL: 'redis-sentinel://u:segredo@h' }, /\n {2}REDIS_URL: is not a redis/],
      [[cpf], keyless, /^set CPF_HASH_KEY/],
    ] as const) {
      const { code, stdout, stderr } = await invalidate([...args], variables);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/segredo|52998224726/);
      expect(stderr).not.toContain(cpf);
    }
  });
});

describe('npm run import', () => {
  const HEADER = 'id,cpf,tipo,descricao,onerado';
  async function fileOf(name: string, ...lines: string[]): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  }
  async function titular(): Promise<Cpf> {
    const cpf = newCpf();
    await insert(bases.baseB.owner, 'titular', { cpf });
    await insert(bases.baseC.owner, 'titular', { cpf });
    return cpf;
  }

  it('removes the people of a file from the cache, and the former owner of an asset', async () => {
    const [ana, bia, cid] = [await titular(), await titular(), await titular()];
    await insert(bases.baseB.owner, 'bem', { id: 'carro', cpf: bia, tipo: 'VEICULO', descricao: 'x', onerado: false });
    await keep(ana, bia, cid);
    const file = await fileOf('bens.csv', HEADER, `carro,${ana},VEICULO,Automóvel,false`, `x,${cpfFromBase('990000001')},VEICULO,y,false`); // prettier-ignore
    const { code, stdout, stderr } = await run('import/main.ts', ['base-b', file]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toMatch(/^lidas 2 = inseridas 0 \+ atualizadas 1 \+ iguais 0 \+ recusadas 1\n/);
    expect(await Promise.all([ana, bia, cid].map(keptOf))).toEqual([0, 0, 2]);
  });

  it('does the same for Base C, and when the same file is imported again', async () => {
    const ana = await titular();
    const file = await fileOf(
      'compras.csv',
      'id,cpf,data_hora,valor,estabelecimento,bandeira,final_cartao,forma_pagamento,parcelas,aprovada',
      `k1,${ana},2026-11-20T12:00:00Z,10.00,Padaria,ELO,0042,A_VISTA,1,true`,
    );
    for (const counted of ['inseridas 1 + atualizadas 0 + iguais 0', 'inseridas 0 + atualizadas 0 + iguais 1']) {
      await keep(ana);
      const { stdout } = await run('import/main.ts', ['base-c', file]);
      expect(stdout).toContain(counted);
      expect(await keptOf(ana)).toBe(0);
    }
  });

  it('does not fail when the cache fails, and says that it may have old data of people in this file', async () => {
    const ana = await titular();
    const file = await fileOf('bens-2.csv', HEADER, `moto,${ana},VEICULO,Motocicleta,false`);
    const { code, stdout, stderr } = await run('import/main.ts', ['base-b', file, '--tipo', 'bens'], {
      ...env,
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lidas 1 = inseridas 1 /);
    expect(stderr).toMatch(/^the cache may still have old data of people in this file .*import it again/m);
    expect(stderr).not.toContain(ana);
  });
});

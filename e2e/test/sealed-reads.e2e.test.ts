import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyPerson } from '@pessoa/audit-verifier/verify-person';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import { addDays, addYears, systemClock, today } from '@pessoa/domain/data';
import { MANIFEST_FORMAT, operationId } from '@pessoa/router/persisted-operations/operation-manifest';
import type { TokenRequest } from '@pessoa/service/development/development-keys';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { addPerson } from '../src/people.ts';
import { root } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const CONSULTAS = `query Consultas ($cpf: CPF!, $first: Int, $after: String) { pessoa(cpf: $cpf) { eventos {
  ultimaConsulta { consulente } consultas(first: $first, after: $after) {
    totalCount nodes { consulente } pageInfo { hasNextPage endCursor } } } } }`;
const NAME = 'query Nome ($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }';

/** The only inquiry of a new person that is not in the audit. */
const OF_BASE_C = 'Loja Inexistente';

interface Inquiries {
  readonly ultimaConsulta: { readonly consulente: string };
  readonly consultas: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly consulente: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

describe.each(['relayed', 'single'] as const)('A sealed read, with the wiring %s', (wiring) => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-sealed-'));
  let graph: WholeGraph;
  let cpf: string;
  let referencia: string;
  beforeAll(async () => {
    const manifest = join(folder, 'operations.json');
    const operation = { id: operationId(CONSULTAS), name: 'Consultas', type: 'query', body: CONSULTAS };
    writeFileSync(manifest, JSON.stringify({ ...MANIFEST_FORMAT, operations: [operation] }));
    const persisted = { PERSISTED_OPERATIONS: 'on', PERSISTED_OPERATIONS_MANIFEST: manifest };
    graph = await startWholeGraph({ wiring, auditor: true, env: { SEAL_CLIENTS: 'banco,tribunal', ...persisted } });
  });
  afterAll(async () => {
    await graph.close();
    rmSync(folder, { recursive: true });
  });
  let investigations = 0;
  beforeEach(async () => {
    cpf = await addPerson(graph);
    referencia = `FRAUDE-${++investigations}`;
  });

  const inAMonth = (): string => addDays(today(systemClock), 30);
  const sealing = (seal: Partial<NonNullable<TokenRequest['sigilo']>> = {}): TokenRequest => ({
    clientId: 'banco',
    subject: 'ana',
    finalidade: 'PREVENCAO_FRAUDE',
    sigilo: { referencia, ate: inAMonth(), ...seal },
  });
  async function get(url: string, request: TokenRequest) {
    const token = await graph.environment.token(request);
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  async function ask(query: string | { readonly sha256Hash: string }, variables: object, request: TokenRequest) {
    const document =
      typeof query === 'string' ? { query } : { extensions: { persistedQuery: { version: 1, ...query } } };
    const response = await fetch(`${graph.router.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await graph.environment.token(request)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ ...document, variables: { cpf, ...variables } }),
    });
    return { status: response.status, body: (await response.json()) as { data?: unknown; errors?: unknown } };
  }
  async function inquiries(
    request: TokenRequest,
    page: object = {},
    query: Parameters<typeof ask>[0] = CONSULTAS,
  ): Promise<Inquiries> {
    const { status, body } = await ask(query, page, request);
    expect([status, body.errors]).toEqual([200, undefined]);
    return (body.data as { pessoa: { eventos: Inquiries } }).pessoa.eventos;
  }
  const byBanco = async (): Promise<Record<string, unknown>[]> =>
    (await graph.bases.auditoria.owner.query(`SELECT * FROM acesso WHERE client_id = 'banco' AND sigilo_referencia = $1`, [referencia])).rows; // prettier-ignore
  async function readByEveryDoor(): Promise<void> {
    expect((await ask(NAME, {}, sealing())).status).toBe(200);
    for (const path of [`/divida/${cpf}`, `/score/${cpf}`, `/evento/${cpf}`, `/evento/ultcompracartao/${cpf}`])
      await get(graph.router.url + path, sealing());
    expect((await get(`${graph.subgraphs.debt.url}/divida/${cpf}`, sealing())).status).toBe(200);
  }
  const holder = (): TokenRequest => ({ cpf });
  const listOf = async () => {
    const { status, text: answer } = await get(`${graph.router.url}/auditoria/pessoa/${cpf}`, holder());
    expect(status).toBe(200);
    return answer;
  };
  /** Waits until every read so far has its place. */
  async function published(): Promise<void> {
    const waiting = 'SELECT (SELECT count(*) FROM acesso) > (SELECT coalesce(max(size), 0) FROM transparency.checkpoint) AS waits';
    while ((await graph.bases.auditoria.owner.query<{ waits: boolean }>(waiting)).rows[0]!.waits) await sleep(50);
  } // prettier-ignore
  const keys = async () => trustedKeys((await (await fetch(`${graph.router.url}/auditoria/chave`)).text()).trim(), []);
  async function decide(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
    const AUDIT_TOKEN = await graph.environment.token({
      scope: 'auditoria:sigilo',
      clientId: 'encarregado',
      finalidade: 'PREVENCAO_FRAUDE',
    });
    const owned = { AUDIT_ADMIN_URL: graph.bases.auditoria.ownerUrl, AUDIT_TOKEN };
    const env = { ...bareEnvironment(), ...graph.environment.env, ...owned, ...variables };
    const child = spawn(process.execPath, [join(root, 'operations/src/audit-seal/main.ts'), ...args], { env });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }

  it('is at no door of its holder or of a third party, and is at all of them once it is lifted', async () => {
    await get(`${graph.router.url}/divida/${cpf}`, { clientId: 'loja' });
    await readByEveryDoor();
    expect(await byBanco()).toHaveLength(6);
    await get(`${graph.router.url}/divida/${cpf}`, { clientId: 'loja' });
    await published();

    const byId = { sha256Hash: operationId(CONSULTAS) };
    for (const [request, query] of [
      [{ clientId: 'loja' }, CONSULTAS],
      [holder(), CONSULTAS],
      [holder(), byId],
    ] as const) {
      const { consultas, ultimaConsulta } = await inquiries(request, {}, query);
      expect(consultas.nodes.filter(({ consulente }) => consulente === 'banco')).toEqual([]);
      expect(consultas.totalCount).toBe(consultas.nodes.length);
      expect(ultimaConsulta.consulente).toBe('loja');
    }
    const evento = await get(`${graph.router.url}/evento/${cpf}`, holder());
    const own = await get(`${graph.subgraphs.event.url}/evento/${cpf}`, holder());
    for (const answer of [evento, own]) expect(JSON.parse(answer.text)).toMatchObject({ ultimaConsulta: { consulente: 'loja' } }); // prettier-ignore
    const hidden = await listOf();
    expect(hidden.match(/"EM_SIGILO"/g)).toHaveLength(6);
    expect(hidden).not.toMatch(/banco|FRAUDE/);
    const verified = verifyPerson([['list', hidden]], await keys(), cpf);
    expect(verified.reads.filter(({ hiddenAs }) => hiddenAs === 'EM_SIGILO')).toHaveLength(6);

    expect(await decide(['--client', 'banco', '--reference', referencia, '--lift'])).toEqual({
      code: 0,
      stdout: '6 reads are not under seal any more\n',
      stderr: '',
    });
    const { consultas } = await inquiries(holder());
    // The last purchase was refused for want of consent: that is a record, and no inquiry.
    expect(consultas.nodes.filter(({ consulente }) => consulente === 'banco')).toHaveLength(5);
    expect(consultas.totalCount).toBe(consultas.nodes.length);
    await published();
    const shown = await listOf();
    expect(shown).not.toContain('EM_SIGILO');
    expect(shown.match(/"versao":3/g)).toHaveLength(6);
    const after = verifyPerson([['before', hidden], ['after', shown]], await keys(), cpf); // prettier-ignore
    expect(after.reads.flatMap(({ content }) => (content?.record['versao'] === 3 ? [content.record['sigiloReferencia']] : []))).toEqual(Array(6).fill(referencia)); // prettier-ignore
  });

  it('leaves no gap between the pages of a list, and its last page ends where the list does', async () => {
    for (const who of ['a', 'banco', 'b', 'banco', 'banco', 'c', 'd', 'banco'])
      await get(`${graph.router.url}/divida/${cpf}`, who === 'banco' ? sealing() : { clientId: who });
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 10; page++) {
      const { consultas } = await inquiries(holder(), { first: 1, after });
      seen.push(...consultas.nodes.map(({ consulente }) => consulente));
      after = consultas.pageInfo.endCursor;
      if (!consultas.pageInfo.hasNextPage) break;
    }
    const third = seen.filter((consulente) => consulente.length === 1);
    expect(third).toEqual(['d', 'c', 'b', 'a']);
    expect(seen.at(-1)).toBe(OF_BASE_C);
    expect(seen).not.toContain('banco');
  });

  it('is proven to its caller at once', async () => {
    const { headers } = await get(`${graph.router.url}/score/${cpf}`, sealing());
    const interacao = headers.get('x-fapi-interaction-id')!;
    await published();
    for (const token of [sealing(), { clientId: 'banco', subject: 'ana' }]) {
      const { status, text: answer } = await get(`${graph.router.url}/auditoria/provas/${interacao}`, token);
      expect(status).toBe(200);
      const { records } = verifyAnswer(answer, await keys(), interacao, cpf);
      expect(records[0]!.record).toMatchObject({ versao: 3, sigiloReferencia: referencia });
    }
    const asHolder = await get(`${graph.router.url}/auditoria/provas/${interacao}`, { cpf, clientId: 'banco', subject: 'ana' }); // prettier-ignore
    expect(asHolder.status).toBe(404);
  });

  it.each<[string, () => TokenRequest, number, string]>([
    ['of a client that may not seal', () => ({ ...sealing(), clientId: 'loja' }), 403, 'SIGILO_INADMISSIVEL'],
    ['for another purpose', () => ({ ...sealing(), finalidade: 'COBRANCA' }), 403, 'SIGILO_INADMISSIVEL'],
    ["in a holder's token", () => ({ ...sealing(), cpf }), 403, 'SIGILO_INADMISSIVEL'],
    ['for too long', () => sealing({ ate: addDays(addYears(today(systemClock), 1), 1) }), 403, 'SIGILO_INADMISSIVEL'],
    ['of a lawsuit that nobody named', () => ({ ...sealing(), clientId: 'tribunal', finalidade: 'ORDEM_JUDICIAL' }), 403, 'SIGILO_INADMISSIVEL'],
    ['that is malformed', () => sealing({ referencia: 'a b' }), 401, 'UNAUTHENTICATED'],
  ])('%s is refused at every door, and nobody is read', async (_title, request, status, code) => {
    const before = await graph.bases.auditoria.owner.query('SELECT FROM acesso');
    const answer = await ask(NAME, {}, request());
    expect(answer).toMatchObject({ status, body: { errors: [{ extensions: { code } }] } });
    const doors = [graph.router.url, graph.subgraphs.debt.url];
    for (const url of doors) {
      const refused = await get(`${url}/divida/${cpf}`, request());
      expect([refused.status, JSON.parse(refused.text)]).toMatchObject([status, { code }]);
    }
    expect((await graph.bases.auditoria.owner.query('SELECT FROM acesso')).rowCount).toBe(before.rowCount);
  }); // prettier-ignore

  it('of a court is sealed under the number of the lawsuit', async () => {
    referencia = '0001234-03.2026.8.26.0100';
    const court: TokenRequest = { ...sealing({ referencia: referencia.replaceAll(/\D/g, '') }), clientId: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordemJudicial: referencia }; // prettier-ignore
    expect((await get(`${graph.router.url}/divida/${cpf}`, court)).status).toBe(200);
    expect((await inquiries(holder())).consultas.nodes).toEqual([{ consulente: OF_BASE_C }]);
    const { stdout } = await decide(['--client', 'tribunal', '--reference', referencia, '--lift']);
    expect(stdout).toBe('1 read is not under seal any more\n');
    expect((await inquiries(holder())).consultas.nodes).toContainEqual({ consulente: 'tribunal' });
  });

  describe('is decided about by npm run audit:seal, which', () => {
    const ofThis = () => ['--client', 'banco', '--reference', referencia];
    const decisions = async (): Promise<Record<string, unknown>[]> =>
      (await graph.bases.auditoria.owner.query('SELECT * FROM transparency.seal_decision WHERE reference = $1', [referencia])).rows; // prettier-ignore

    it('prolongs it to the end of a day of São Paulo, and writes down who decided', async () => {
      await get(`${graph.router.url}/divida/${cpf}`, sealing({ ate: today(systemClock) }));
      const until = addYears(today(systemClock), 1);
      expect(await decide([...ofThis(), '--until', until])).toMatchObject({
        code: 0,
        stdout: `1 read is under seal until ${until} at the latest\n`,
      });
      const [decision] = await decisions();
      expect(decision).toMatchObject({
        client_id: 'banco',
        ends_at: new Date(`${addDays(until, 1)}T03:00:00Z`),
      });
      const { rows } = await graph.bases.auditoria.owner.query('SELECT * FROM acesso WHERE id = $1', [decision!['acesso_id']]); // prettier-ignore
      expect(rows).toMatchObject([{ client_id: 'encarregado', operacao: 'Sigilo', servico: 'auditoria' }]);
      await published();
    });

    it('does not seal anew what has ended, and finds no read under another name', async () => {
      await get(`${graph.router.url}/divida/${cpf}`, sealing());
      await decide([...ofThis(), '--lift']);
      for (const args of [
        [...ofThis(), '--until', inAMonth()],
        ['--client', 'outro', '--reference', referencia, '--lift'],
        ['--client', 'banco', '--reference', `${referencia}-x`, '--lift'],
      ])
        expect(await decide(args)).toMatchObject({ code: 1, stderr: expect.stringContaining('no read of this client is under seal') }); // prettier-ignore
      expect(await decisions()).toHaveLength(1);
    });

    it.each<[string, () => string[], NodeJS.ProcessEnv, string]>([
      ['needs to know what to decide', () => ofThis(), {}, 'either --lift or --until'],
      ['needs one decision', () => [...ofThis(), '--lift', '--until', inAMonth()], {}, 'either --lift or --until'],
      ['needs a client', () => ['--reference', referencia, '--lift'], {}, 'name --client and --reference'],
      ['refuses a day that does not exist', () => [...ofThis(), '--until', '2027-02-29'], {}, '--until is a day'],
      ['refuses yesterday', () => [...ofThis(), '--until', addDays(today(systemClock), -1)], {}, '--until is a day'],
      ['refuses more than a year', () => [...ofThis(), '--until', addDays(addYears(today(systemClock), 1), 1)], {}, '--until is a day'],
      ['needs the owner', () => [...ofThis(), '--lift'], { AUDIT_ADMIN_URL: '' }, 'AUDIT_ADMIN_URL: is not a postgresql:// URL'],
      ['needs a token', () => [...ofThis(), '--lift'], { AUDIT_TOKEN: '' }, 'a token with the scope auditoria:sigilo'],
    ])('%s', async (_title, args, variables, says) => {
      await get(`${graph.router.url}/divida/${cpf}`, sealing());
      const answer = await decide(args(), variables);
      expect(answer.code).not.toBe(0);
      expect(answer.stderr).toContain(says);
      expect(await decisions()).toEqual([]);
    }); // prettier-ignore

    it.each<[string, TokenRequest, string]>([
      ['without its scope', { scope: 'auditoria:eliminacao' }, 'lacks the scope auditoria:sigilo'],
      ['of a holder', { cpf: '52998224725' }, 'is a token of a holder'],
      ['with a seal', { finalidade: 'PREVENCAO_FRAUDE', sigilo: { referencia: 'X', ate: '2027-01-01' } }, 'has a seal'],
    ])('refuses a token %s', async (_title, request, says) => {
      await get(`${graph.router.url}/divida/${cpf}`, sealing());
      const AUDIT_TOKEN = await graph.environment.token({ scope: 'auditoria:sigilo', ...request });
      expect(await decide([...ofThis(), '--lift'], { AUDIT_TOKEN })).toMatchObject({ code: 1, stderr: expect.stringContaining(says) }); // prettier-ignore
      expect(await decisions()).toEqual([]);
    });
  });
});

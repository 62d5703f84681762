import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { baseNames } from '@pessoa/domain/services';
import { graphql } from '@pessoa/testkit/graphql-client';
import { insert } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { type AuditedBases, startAuditedBases } from '../src/audited-bases.ts';
import { addPerson, newCpf } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';

const EVERYTHING = `nome situacaoCadastral endereco { uf } dividas { totalCount nodes { id } } resumoDividas { quantidade }
  score { valor } perfil { idade }
  eventos { ultimaConsulta { consulente } consultas { totalCount nodes { consulente } }
            movimentacaoFinanceira { totalCount nodes { id } } ultimaCompraCartao { id } }`;
/** Records and reads are compared when they are older than this. */
const WINDOW_SECONDS = 3;
const WINDOW = ['--window', String(WINDOW_SECONDS)];

describe('Reads around the API', () => {
  let audited: AuditedBases;
  let cpfHash: (cpf: Cpf) => string;
  let token: string;
  beforeAll(async () => {
    audited = await startAuditedBases({ wiring: 'relayed' });
    const { env, token: newToken } = audited.graph.environment;
    cpfHash = cpfHasher(Buffer.from(env['CPF_HASH_KEY']!, 'base64url'));
    token = await newToken();
  });
  afterAll(() => audited.close());

  const ask = async (cpf: Cpf | readonly Cpf[], fields: string, as = token, url = audited.graph.router.url) => {
    const one = typeof cpf === 'string';
    const query = one ? `query ($c: CPF!) { pessoa(cpf: $c) { ${fields} } }` : `query ($c: [CPF!]!) { pessoas(cpfs: $c) { ${fields} } }`; // prettier-ignore
    return graphql(url, { token: as, query, variables: { c: cpf } });
  };
  const outcomes = async (cpf: Cpf): Promise<unknown[]> => {
    const { rows } = await audited.graph.bases.auditoria.owner.query<{ resultado: string }>(
      `SELECT resultado FROM acesso WHERE cpf_hash = $1 AND servico <> 'auditoria' ORDER BY data_hora`,
      [cpfHash(cpf)],
    );
    return rows.map(({ resultado }) => resultado);
  };
  /** Roles of ours that read without naming people. */
  const bulk = (): string[] => ['--bulk', audited.roleOf('baseC', 'indexer')];
  /** Waits until what was read is old enough to be compared. */
  const rest = (): Promise<void> => sleep((WINDOW_SECONDS + 1) * 1_000);

  it('there are none when the API answered: a person, a hundred, a refusal, a failure, a cached answer, an answer that was withheld', async () => {
    const { graph } = audited;
    const [ana, invalid, withheld] = [await addPerson(graph), newCpf(), newCpf()];
    const hundred = [await addPerson(graph), ...Array.from({ length: 99 }, newCpf)];
    await insert(graph.bases.baseA.owner, 'pessoa', { cpf: invalid, nome: 'Davi Fictício', situacao_cadastral: 'INVENTADA' }); // prettier-ignore
    await graph.waitUntilIndexed();

    const withConsent = await graph.environment.token({ consentimento: [ana] });
    expect((await ask(ana, EVERYTHING, withConsent)).body.errors).toBe(undefined);
    for (const fields of [EVERYTHING, 'nome', 'nome']) expect((await ask(hundred, fields)).status).toBe(200);
    const refused = await ask(ana, 'nome', await graph.environment.token({ scope: 'score:read' }));
    expect(refused.body.errors?.[0]?.extensions?.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    expect((await ask(invalid, 'situacaoCadastral')).body.errors?.[0]?.extensions?.code).toBe('FONTE_INVALIDA');
    await Promise.all(Array.from({ length: 5 }, () => ask(ana, 'dividas { totalCount }')));
    await ask(ana, 'score { valor }'); // of the cache
    expect(await outcomes(ana)).toEqual(['ATENDIDO', 'NEGADO', ...Array(6).fill('ATENDIDO')]);
    expect(await outcomes(invalid)).toEqual(['FALHA']);

    const router = await graph.startAnotherRouter({ AUDIT_TIMEOUT_MILLIS: '300' });
    const lock = await graph.bases.auditoria.owner.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE acesso IN SHARE MODE');
    expect((await ask(withheld, 'nome', token, router.url)).body).toMatchObject({
      errors: [{ extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' } }],
    });
    await lock.query('ROLLBACK');
    lock.release();
    await until('the read is in the audit', async () => (await outcomes(withheld)).length > 0, 10);
    expect(await outcomes(withheld)).toEqual(['FALHA']);

    await rest();
    for (const base of baseNames) {
      for (const form of ['csv', 'json'] as const) {
        const ours = [...bulk(), '--bulk', audited.roleOf(base, 'owner')]; // the owner's inserts read what their keys refer to
        const { code, findings, stderr } = await audited.check(base, [...WINDOW, ...ours], form);
        const said = stderr
          .trim()
          .split('\n')
          .filter((line) => !line.endsWith(' were not compared'));
        expect({ base, findings, said, code }).toEqual({
          base,
          findings: [],
          said: ['0 reads around the API'],
          code: 0,
        });
      }
    }
  });

  it('the log has whom a service bound, and no read of what a cache answered', async () => {
    const { graph } = audited;
    const cpf = await addPerson(graph);
    await graph.waitUntilIndexed();
    const countInLog = async (): Promise<number> => (await audited.log()).split(cpf).length;
    const before = await countInLog();
    await ask(cpf, 'score { valor }');
    const first = await countInLog();
    expect(first).toBeGreaterThan(before);
    await ask(cpf, 'score { valor }');
    expect(await countInLog()).toBe(first);
    expect(await outcomes(cpf)).toEqual(['ATENDIDO', 'ATENDIDO']);
  });

  it('each is found, and nothing else: by a literal, a parameter, EXECUTE, COPY, a cursor, a count of a view, another name, a dump, its owner', async () => {
    const { graph, byHand, roleOf, server } = audited;
    const { readerUrl, ownerUrl } = graph.bases.baseA;
    const database = new URL(readerUrl).pathname.slice(1);
    const people = Array.from({ length: 4 }, newCpf) as [Cpf, Cpf, Cpf, Cpf];
    const [literal, bound, executed, ofOwner] = people;
    const asked = await addPerson(graph);
    const start = new Date();
    await ask(asked, 'nome');
    await byHand('psql', readerUrl, '-c', `SELECT nome FROM pessoa WHERE cpf = '${literal}'`);
    const client = new pg.Client({ connectionString: readerUrl });
    await client.connect();
    await client.query('SELECT * FROM divida d JOIN pessoa p USING (cpf) WHERE cpf = ANY ($1::bpchar[])', [
      [bound, asked],
    ]);
    await client.end();
    await byHand('psql', readerUrl, '-c', 'PREPARE p (char(11)) AS SELECT * FROM endereco WHERE cpf = $1', '-c', `EXECUTE p('${executed}')`); // prettier-ignore
    await byHand('psql', readerUrl, '-c', 'COPY (SELECT cpf FROM pessoa) TO STDOUT');
    await byHand('psql', readerUrl, '-c', 'BEGIN', '-c', 'DECLARE c CURSOR FOR SELECT * FROM divida', '-c', 'FETCH 10 FROM c', '-c', 'COMMIT'); // prettier-ignore
    await byHand('psql', ownerUrl, '-c', `SELECT * FROM pessoa WHERE cpf = '${ofOwner}'`);
    await byHand('psql', readerUrl, '-c', `CREATE TEMP VIEW v AS SELECT FROM pessoa WHERE cpf = '${literal}'`, '-c', 'SELECT count(*) AS "rows" FROM "pg_temp"."v"'); // prettier-ignore
    await byHand(
      'psql',
      ownerUrl,
      '-c',
      'ALTER TABLE pessoa RENAME TO x; SELECT * FROM x; ALTER INDEX x RENAME TO pessoa',
    );
    await byHand('pg_dump', ownerUrl, '--data-only', '--table', 'pessoa', '--file', '/dev/null');
    await byHand('psql', Object.assign(new URL(server.url), { pathname: `/${database}` }).href, '-c', "SELECT set_config('pgaudit.log', 'none', false)", '-c', 'SELECT * FROM pessoa'); // prettier-ignore
    await rest();

    const { code, findings, stderr } = await audited.check('baseA', [
      ...WINDOW,
      ...bulk(),
      '--from',
      start.toISOString(),
    ]);
    const [reader, owner] = [roleOf('baseA', 'reader'), roleOf('baseA', 'owner')];
    const short = findings.map(({ papel, achado, tabela, pessoa }) => [papel, achado, tabela, pessoa]);
    expect(short).toEqual([
      [reader, 'CPF_NO_TEXTO', 'public.pessoa', cpfHash(literal)],
      [reader, 'SEM_REGISTRO', 'public.divida', cpfHash(bound)],
      [reader, 'SEM_REGISTRO', 'public.endereco', cpfHash(executed)],
      [reader, 'SEM_CPF', 'public.pessoa', null],
      [reader, 'SEM_CPF', 'public.divida', null],
      [owner, 'OUTRO_PAPEL', 'public.pessoa', cpfHash(ofOwner)],
      [reader, 'ESQUEMA_ALTERADO', '', null],
      [reader, 'SEM_CPF', 'public.pessoa', null],
      [owner, 'ESQUEMA_ALTERADO', '', null],
      [owner, 'ESQUEMA_ALTERADO', '', null],
      [owner, 'OUTRO_PAPEL', 'public.pessoa', null],
      ['postgres', 'REGISTRO_ALTERADO', '', null],
    ]);
    expect(code).toBe(1);
    for (const cpf of people) expect(JSON.stringify(findings) + stderr).not.toContain(cpf);
    const inJson = await audited.check('baseA', [...WINDOW, '--from', start.toISOString()], 'json');
    expect(inJson.findings.map(({ achado }) => achado)).toEqual(findings.map(({ achado }) => achado));
  });

  it('what lacks is said: a database whose log has no parameters', async () => {
    const { graph, server } = audited;
    const database = new URL(graph.bases.baseB.readerUrl).pathname.slice(1);
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${database} SET pgaudit.log_parameter = off`);
    await admin.end();
    const client = new pg.Client({ connectionString: graph.bases.baseB.readerUrl });
    await client.connect();
    await client.query('SELECT * FROM titular WHERE cpf = $1', [newCpf()]);
    await client.end();
    await rest();
    const { code, stderr } = await audited.check('baseB', WINDOW);
    expect(code).toBe(1);
    expect(stderr).toMatch(/pgaudit\.log_parameter or pgaudit\.log_statement is off: the log does not say whom/);
  });
});

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { checkPlacedRecords } from '@pessoa/auditor/checks/record-check';
import { placeRecords } from '@pessoa/auditor/tree/place-records';
import { readTree } from '@pessoa/auditor/tree/stored-tree';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import pg from 'pg';
import { root } from '../src/started-system.ts';

const OLD = '2019-03-01T12:00:00Z';
const ANCIENT = '2010-03-01T12:00:00Z';

describe('npm run audit:erase', () => {
  let bases: TestBases;
  let environment: TestEnvironment;
  let auditor: pg.Client;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
    auditor = new pg.Client({ connectionString: bases.auditoria.auditorUrl });
    await auditor.connect();
    const AUDIT_TOKEN = await environment.token({ scope: 'auditoria:eliminacao', clientId: 'encarregado' });
    env = { ...bareEnvironment(), ...environment.env, AUDIT_ADMIN_URL: bases.auditoria.ownerUrl, AUDIT_TOKEN };
  });
  afterEach(async () => {
    await auditor.end();
    await environment.close();
    await bases.drop();
  });

  const owner = () => bases.auditoria.owner;
  async function add(dataHora: string, fields: Record<string, unknown> = {}): Promise<string> {
    const id = randomUUID();
    await insert(owner(), 'acesso', {
      id, cpf_hash: randomUUID().replaceAll('-', ''), client_id: 'loja', sujeito: 'atendente', campos: ['nome'],
      finalidade: 'VENDA_A_PRAZO', pelo_titular: false, resultado: 'ATENDIDO', data_hora: dataHora, interacao: randomUUID(),
      operacao: 'Divida', servico: 'router', ...fields,
    }); // prettier-ignore
    return id;
  }
  const place = async (): Promise<void> => void (await placeRecords(auditor, await readTree(auditor)));
  async function erase(args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) {
    const main = join(root, 'operations/src/erasure/main.ts');
    const child = spawn(process.execPath, [main, ...args], { env: { ...env, ...variables } });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }
  const idsLeft = async (): Promise<string[]> =>
    (await owner().query<{ id: string }>(`SELECT id FROM acesso WHERE servico <> 'auditoria'`)).rows.map(
      ({ id }) => id,
    );
  const erasures = async () =>
    (await owner().query(`SELECT id, client_id, campos, cpf_hash FROM acesso WHERE operacao = 'Eliminacao' ORDER BY campos`)).rows; // prettier-ignore
  async function faults(): Promise<string[]> {
    const tree = await readTree(auditor);
    const found: string[] = [];
    for (let index = 0; index * 256 < tree.size; index++)
      for (const { kind, at } of await checkPlacedRecords(auditor, index, tree)) found.push(`${kind} ${at}`);
    return found;
  }
  /** What an owner of the database does who removes the triggers first. */
  const asAttacker = async (statement: string, values: unknown[]): Promise<void> => {
    for (const table of ['public.acesso', 'transparency.leaf'])
      await owner().query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await owner().query(statement, values);
  };

  it('erases what is past its term, by class, and the log goes on as it was', async () => {
    await add(ANCIENT, { consentimento: 'consentimento-2' });
    await add(OLD);
    const kept = [
      await add(OLD, { consentimento: 'consentimento-1' }),
      await add(OLD, { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: '0001234-55.2026.8.26.0100' }),
      await add(new Date().toISOString()),
    ];
    await place();
    const before = await readTree(auditor);

    const dry = await erase(['--dry-run']);
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 .* CONSULTA .* due\n1 .* AUTORIZACAO .* due\n$/),
    });
    expect(await idsLeft()).toHaveLength(5);
    expect(await erasures()).toEqual([]);

    const done = await erase();
    expect(done).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 .* CONSULTA .* erased\n1 .* AUTORIZACAO .* erased\n$/),
    });
    expect((await idsLeft()).toSorted()).toEqual(kept.toSorted());
    expect(await erasures()).toMatchObject([
      {
        client_id: 'encarregado',
        cpf_hash: '0'.repeat(32),
        campos: ['AUTORIZACAO', expect.stringMatching(/^2\d{3}-/)],
      },
      { client_id: 'encarregado', campos: ['CONSULTA', expect.stringMatching(/^2\d{3}-/)] },
    ]);
    const { rows: leaves } = await owner().query(
      'SELECT nonce, erased_by, entry FROM transparency.leaf ORDER BY place',
    );
    expect(leaves.filter(({ nonce }) => nonce === null)).toHaveLength(2);
    expect(await readTree(auditor)).toEqual(before);
    await place();
    expect(await faults()).toEqual([]);

    expect((await erase()).stdout).toMatch(/^no .* CONSULTA .*\nno .* AUTORIZACAO .*\n$/);
    expect(await erasures()).toHaveLength(2);
  });

  it('erases any number, and leaves what has no place yet', async () => {
    await owner().query(
      `INSERT INTO acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, pelo_titular, resultado, data_hora, interacao, operacao, servico)
       SELECT gen_random_uuid(), md5(n::text), 'loja', 'atendente', '{nome}', 'VENDA_A_PRAZO', false, 'ATENDIDO', $1, gen_random_uuid(), 'Divida', 'router'
       FROM generate_series(1, 2500) n`,
      [OLD],
    );
    await place();
    await place();
    const unplaced = await add(OLD);
    expect(await erase()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2500 records of the class CONSULTA'),
    });
    expect(await idsLeft()).toEqual([unplaced]);
  });

  it('keeps inquiries as long as the operator says, and at least six months', async () => {
    const young = await add(new Date(Date.now() - 400 * 86_400_000).toISOString());
    await place();
    expect((await erase([], { AUDIT_RETENTION_MONTHS: '24' })).stdout).toMatch(/^no .* CONSULTA/);
    expect(await idsLeft()).toEqual([young]);
    expect(await erase([], { AUDIT_RETENTION_MONTHS: '5' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('AUDIT_RETENTION_MONTHS: is not a whole number of months, 6 to 1200'),
    });
    expect((await erase([], { AUDIT_RETENTION_MONTHS: '6' })).stdout).toMatch(/^1 .* CONSULTA .* erased/);
  });

  it('needs a token with its scope', async () => {
    await add(OLD);
    await place();
    const AUDIT_TOKEN = await environment.token({ scope: 'auditoria:read' });
    expect(await erase([], { AUDIT_TOKEN })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('lacks the scope'),
    });
    expect(await idsLeft()).toHaveLength(1);
  });

  describe('is the only way: the triggers refuse it, to the owner too, that', () => {
    const MARK = 'UPDATE transparency.leaf SET nonce = NULL, erased_by = $1 WHERE acesso_id = $2';
    const erasureOf = (campos: string[]): Promise<string> =>
      add(new Date().toISOString(), { servico: 'auditoria', operacao: 'Eliminacao', campos });

    it('a record goes whose leaf is not erased', async () => {
      const id = await add(OLD);
      await place();
      await expect(owner().query('DELETE FROM acesso WHERE id = $1', [id])).rejects.toThrow('acesso is append-only');
    });

    it.each([
      ['without a record of it', OLD, () => Promise.resolve(randomUUID())],
      ['by a record that is no erasure', OLD, () => add(OLD)],
      ['by an erasure of another class', OLD, () => erasureOf(['AUTORIZACAO', '2009-01-01'])],
      ['that is younger than the day of the erasure', OLD, () => erasureOf(['CONSULTA', '2019-03-01'])],
      ['by an erasure whose day is too young', new Date(Date.now() - 86_400_000 * 2).toISOString(), () => erasureOf(['CONSULTA', new Date().toISOString().slice(0, 10)])],
    ])('a leaf is erased %s', async (_title, dataHora, makeErasure) => {
      const id = await add(dataHora);
      await place();
      await expect(owner().query(MARK, [await makeErasure(), id])).rejects.toThrow('leaf is append-only');
    }); // prettier-ignore

    it('a leaf loses more than its nonce', async () => {
      const id = await add(OLD);
      await place();
      const erasure = await erasureOf(['CONSULTA', '2020-01-01']);
      const withEntry = MARK.replace('nonce = NULL', "nonce = NULL, entry = sha256('x')");
      await expect(owner().query(withEntry, [erasure, id])).rejects.toThrow('leaf is append-only');
      await owner().query(MARK, [erasure, id]);
      await expect(owner().query(MARK, [erasure, id])).rejects.toThrow('leaf is append-only');
    });
  });

  describe('is checked: the auditor finds', () => {
    const ERASE = `WITH erased AS (UPDATE transparency.leaf SET nonce = NULL, erased_by = $1 WHERE acesso_id = $2)
      DELETE FROM acesso WHERE id = $2`;

    it('young records that were erased with an old one, even all of them', async () => {
      await add(OLD);
      const publish = 'INSERT INTO transparency.checkpoint (size, note, published_at) VALUES ($1, $2, $3)';
      await owner().query(publish, [1, 'of that day', '2019-03-01T12:00:01Z']);
      const [first, young] = [
        await add(new Date(Date.now() - 86_400_000).toISOString()),
        await add(new Date().toISOString()),
      ];
      await place();
      await erase();
      await place();
      expect(await faults()).toEqual([]);
      const [{ id }] = (await erasures()) as [{ id: string }];
      await asAttacker(ERASE, [id, young]);
      expect(await faults()).toEqual(['erased 2']);
      await asAttacker(ERASE, [id, first]);
      expect(await faults()).toEqual(['erased 1', 'erased 2']);
    });

    it('a record that was erased by none', async () => {
      const [id] = [await add(OLD), await add(OLD)];
      await place();
      await asAttacker(ERASE, [randomUUID(), id]);
      expect(await faults()).toEqual(['erased 0']);
    });
  });
});

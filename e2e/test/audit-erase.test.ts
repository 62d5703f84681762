import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { storeDecision } from '@pessoa/audit/store-decision';
import { type MarkPerson, personMarker } from '@pessoa/audit/person-marks';
import { checkPlacedRecords } from '@pessoa/auditor/checks/record-check';
import { nodeCache } from '@pessoa/auditor/people/node-cache';
import { type PersonKeys, personKeys } from '@pessoa/auditor/people/person-keys';
import { placeRecords } from '@pessoa/auditor/tree/place-records';
import { readTree } from '@pessoa/auditor/tree/stored-tree';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import pg from 'pg';
import { newCpf } from '../src/people.ts';
import { root } from '../src/started-system.ts';

const OLD = '2019-03-01T12:00:00Z';
const ANCIENT = '2010-03-01T12:00:00Z';

describe('npm run audit:erase', () => {
  let bases: TestBases;
  let environment: TestEnvironment;
  let auditor: pg.Client;
  let env: NodeJS.ProcessEnv;
  let keys: PersonKeys;
  let markPerson: MarkPerson;
  beforeEach(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
    const hashKey = Buffer.from(environment.env['CPF_HASH_KEY']!, 'base64url');
    keys = personKeys(randomBytes(32), hashKey);
    markPerson = personMarker(hashKey);
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
  async function add(dataHora: string, fields: Record<string, unknown> = {}, cpf = newCpf()): Promise<string> {
    const id = randomUUID();
    const { cpfHash, cpfCifrado } = markPerson(cpf);
    await insert(owner(), 'acesso', {
      id, cpf_hash: cpfHash, cpf_cifrado: Buffer.from(cpfCifrado!, 'hex'), client_id: 'loja', sujeito: 'atendente', campos: ['nome'],
      finalidade: 'VENDA_A_PRAZO', pelo_titular: false, resultado: 'ATENDIDO', data_hora: dataHora, interacao: randomUUID(),
      operacao: 'Divida', servico: 'router', ...fields,
    }); // prettier-ignore
    return id;
  }
  const place = async (): Promise<void> =>
    void (await placeRecords(auditor, await readTree(auditor), { keys, cache: nodeCache() }));
  async function erase(args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) {
    const main = join(root, 'operations/src/audit-erase/main.ts');
    const child = spawn(process.execPath, [main, ...args], { env: { ...env, ...variables } });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }
  /** The same while an auditor gives records their places. */
  async function eraseWithAuditor(variables: NodeJS.ProcessEnv = {}) {
    let isOver = false;
    const erasing = erase([], variables).finally(() => (isOver = true));
    while (!isOver) {
      await place();
      await sleep(50);
    }
    return erasing;
  }
  /** Writes down that the first records were under a checkpoint just after an instant. */
  const publish = async (size: number, instant: string): Promise<unknown> =>
    owner().query(
      `INSERT INTO transparency.checkpoint (size, note, published_at) VALUES ($1, 'a note', $2::timestamptz + interval '1 second')`,
      [size, instant],
    );
  const entries = async (): Promise<unknown[]> =>
    (await owner().query('SELECT entry FROM transparency.leaf ORDER BY place')).rows;
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
      for (const { kind, at } of await checkPlacedRecords(auditor, index, tree, keys)) found.push(`${kind} ${at}`);
    return found;
  }
  /** What an owner of the database does who removes the triggers first. */
  const asAttacker = async (statement: string, values: unknown[]): Promise<void> => {
    for (const table of ['public.acesso', 'transparency.leaf'])
      await owner().query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await owner().query(statement, values);
  };

  it('erases what is past its term, by class, and the log goes on as it was', async () => {
    const person = newCpf(); // whose chain has all: what is erased stays a part of it
    await add(ANCIENT, { consentimento: 'consentimento-2' }, person);
    await add(OLD, {}, person);
    const kept = [
      await add(OLD, { consentimento: 'consentimento-1' }, person),
      await add(OLD, { finalidade: 'ORDEM_JUDICIAL', ordem_judicial: '0001234-55.2026.8.26.0100' }),
      await add(new Date().toISOString()),
    ];
    await place();
    await publish(1, ANCIENT);
    await publish(4, OLD);
    const before = await entries();

    const dry = await erase(['--dry-run']);
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 .* CONSULTA .* due\n1 .* AUTORIZACAO .* due\n$/),
    });
    expect(await idsLeft()).toHaveLength(5);
    expect(await erasures()).toEqual([]);

    const done = await eraseWithAuditor();
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
    expect((await entries()).slice(0, 5)).toEqual(before);
    expect(await faults()).toEqual([]);

    expect((await erase()).stdout).toMatch(/^no .* CONSULTA .*\nno .* AUTORIZACAO .*\n$/);
    expect(await erasures()).toHaveLength(2);
  });

  it('goes by the term of a record under seal, as of every other, and keeps the records of decisions on seals', async () => {
    const seal = (sigilo_ate: string) => ({ finalidade: 'PREVENCAO_FRAUDE', sigilo_referencia: 'FRAUDE-1', sigilo_ate });
    await add(OLD, seal('2020-02-01T03:00:00Z'));
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const young = await add(yesterday, seal(new Date(Date.now() + 86_400_000).toISOString()));
    const decidedAt = new Date(OLD);
    const decision = { clientId: 'loja', referencia: 'FRAUDE-1', decidedAt, endsAt: decidedAt };
    await storeDecision(owner(), decision, { clientId: 'encarregado', sujeito: 'maria', finalidade: 'COBRANCA' });
    await place();
    await publish(3, OLD);
    expect(await eraseWithAuditor()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 .* CONSULTA .* erased\n/) }); // prettier-ignore
    expect(await idsLeft()).toEqual([young]);
    const { rows: decisions } = await owner().query(`SELECT FROM acesso WHERE operacao = 'Sigilo'`);
    expect(decisions).toHaveLength(1);
    expect(await faults()).toEqual([]);
  }); // prettier-ignore

  it('erases any number, and leaves what was under no checkpoint of its day', async () => {
    await owner().query(
      `INSERT INTO acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, pelo_titular, resultado, data_hora, interacao, operacao, servico)
       SELECT gen_random_uuid(), md5(n::text), 'loja', 'atendente', '{nome}', 'VENDA_A_PRAZO', false, 'ATENDIDO', $1::timestamptz + n % 7 * interval '1 minute', gen_random_uuid(), 'Divida', 'router'
       FROM generate_series(1, 2500) n`,
      [OLD],
    );
    await place();
    await place();
    await publish(2_500, OLD);
    const late = await add(OLD);
    expect(await eraseWithAuditor()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2500 records of the class CONSULTA'),
    });
    expect(await idsLeft()).toEqual([late]);
  });

  it('keeps inquiries as long as the operator says, and at least six months', async () => {
    const instant = new Date(Date.now() - 400 * 86_400_000).toISOString();
    const young = await add(instant);
    await place();
    await publish(1, instant);
    expect((await erase([], { AUDIT_RETENTION_MONTHS: '24' })).stdout).toMatch(/^no .* CONSULTA/);
    expect(await idsLeft()).toEqual([young]);
    expect(await erase([], { AUDIT_RETENTION_MONTHS: '5' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('AUDIT_RETENTION_MONTHS: is not a whole number of months, 6 to 1200'),
    });
    expect((await eraseWithAuditor({ AUDIT_RETENTION_MONTHS: '6' })).stdout).toMatch(/^1 .* CONSULTA .* erased/);
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

    it.each([
      ['beyond the tree', '9000000000000000', "sha256('n')", 'NULL'],
      ['that is erased already', '0', 'NULL', 'gen_random_uuid()'],
    ])('a leaf is added %s', async (_title, number, nonce, erasedBy) => {
      const id = await add(OLD);
      const statement = `INSERT INTO transparency.leaf (place, acesso_id, nonce, entry, erased_by) VALUES (${number}, $1, ${nonce}, sha256('e'), ${erasedBy})`;
      await expect(owner().query(statement, [id])).rejects.toThrow('a leaf is of the tree and has its nonce');
    });

    it('the auditor erases', async () => {
      const id = await add(OLD);
      await place();
      await expect(auditor.query(MARK, [await erasureOf(['CONSULTA', '2020-01-01']), id])).rejects.toThrow(
        'leaf is append-only',
      );
    });

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
      const yesterday = new Date(Date.now() - 86_400_000).toISOString();
      const [first, young] = [await add(yesterday), await add(new Date().toISOString())];
      await place();
      await publish(1, OLD);
      await publish(3, yesterday);
      await eraseWithAuditor();
      expect(await faults()).toEqual([]);
      const [{ id }] = (await erasures()) as [{ id: string }];
      await asAttacker(ERASE, [id, young]);
      expect(await faults()).toEqual(['erased 2']);
      await asAttacker(ERASE, [id, first]);
      expect(await faults()).toEqual(['erased 1', 'erased 2']);
    });

    it('an old record that no checkpoint of its day had', async () => {
      const [id] = [await add(OLD), await add(new Date().toISOString())];
      await place();
      const erasure = await add(new Date().toISOString(), { servico: 'auditoria', operacao: 'Eliminacao', campos: ['CONSULTA', '2020-01-01'] }); // prettier-ignore
      await place();
      await asAttacker(ERASE, [erasure, id]);
      expect(await faults()).toEqual(['erased 0']);
    });

    it('a record whose nonce alone is gone: it could be edited', async () => {
      const id = await add(OLD);
      await place();
      await publish(1, OLD);
      const erasure = await add(new Date().toISOString(), { servico: 'auditoria', operacao: 'Eliminacao', campos: ['CONSULTA', '2020-01-01'] }); // prettier-ignore
      await place();
      await owner().query('UPDATE transparency.leaf SET nonce = NULL, erased_by = $1 WHERE acesso_id = $2', [
        erasure,
        id,
      ]);
      expect(await faults()).toEqual(['changed 0']);
    });

    it('a leaf beyond the tree, under which a record was removed', async () => {
      await add(new Date().toISOString());
      await place();
      const lost = await add(new Date().toISOString());
      await asAttacker(
        `WITH stray AS (INSERT INTO transparency.leaf (place, acesso_id, nonce, entry) VALUES (9000000000000000, $1, sha256('n'), sha256('e'))
                        RETURNING acesso_id)
         DELETE FROM transparency.pending p USING stray s WHERE p.acesso_id = s.acesso_id`,
        [lost],
      );
      await owner().query('DELETE FROM acesso WHERE id = $1', [lost]);
      expect(await faults()).toEqual(['tile 9000000000000000']);
    });

    it('a record that was erased by none', async () => {
      const [id] = [await add(OLD), await add(OLD)];
      await place();
      await asAttacker(ERASE, [randomUUID(), id]);
      expect(await faults()).toEqual(['erased 0']);
    });
  });
});

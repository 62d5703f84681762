import { randomUUID } from 'node:crypto';
import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type pg from 'pg';
import { type AccessReader, postgresAccessReader } from '../src/access-reader.ts';
import { type Acesso, type AuditLog, postgresAuditLog } from '../src/audit-log.ts';
import { decisionFields, type SealDecision } from '../src/seal-decision.ts';
import { storeDecision } from '../src/store-decision.ts';
import { newAcesso } from './new-acesso.ts';

const poolOf = (connectionString: string): pg.Pool => openPool({ connectionString, max: 2 }, writingSettings(10_000));
const READ_AT = new Date('2026-11-20T12:00:00.000Z');
const END = new Date('2026-12-01T03:00:00.000Z');
const DECIDER = { clientId: 'encarregado', sujeito: 'maria', finalidade: 'PREVENCAO_FRAUDE' } as const;
const before = (instant: Date): Date => new Date(instant.getTime() - 1);

describe('A sealed read', () => {
  let bases: TestBases;
  let log: AuditLog;
  let reader: AccessReader;
  let now = READ_AT;
  beforeAll(async () => {
    bases = await openTestBases();
    log = postgresAuditLog(poolOf(bases.auditoria.writerUrl));
    reader = postgresAccessReader(poolOf(bases.auditoria.readerUrl), undefined, { now: () => now });
  });
  afterAll(async () => {
    await Promise.all([log.close(), reader.close()]);
    await bases.drop();
  });

  let investigations = 0;
  /** Reads of one person: a sealed one between two others, the oldest first. */
  async function readPerson(sealed: Partial<Acesso> = {}): Promise<{ cpfHash: string; referencia: string; ids: string[] }> {
    const { cpfHash } = newAcesso();
    const referencia = `FRAUDE-${++investigations}`;
    const seal = { finalidade: 'PREVENCAO_FRAUDE', clientId: 'banco', sigilo: { referencia, ate: END } } as const;
    const at = (minute: number): Date => new Date(READ_AT.getTime() + minute * 60_000);
    const reads = [
      newAcesso({ cpfHash, dataHora: at(-1) }),
      newAcesso({ cpfHash, dataHora: at(0), ...seal, ...sealed }),
      newAcesso({ cpfHash, dataHora: at(1) }),
    ];
    for (const read of reads) await log.record([read]);
    return { cpfHash, referencia, ids: reads.map(({ id }) => id) };
  } // prettier-ignore
  const seenBy = async (cpfHash: string, limit = 10): Promise<string[]> =>
    (await reader.find({ cpfHashes: [cpfHash], limit })).map(({ id }) => id);
  const decide = (referencia: string, decidedAt: string, endsAt: string, clientId = 'banco'): Promise<void> => {
    const decision = { clientId, referencia, decidedAt: new Date(decidedAt), endsAt: new Date(endsAt) };
    return storeDecision(bases.auditoria.owner, decision, DECIDER);
  };

  it('is in no list, in no count and on no page until its very end', async () => {
    const { cpfHash, ids } = await readPerson();
    const [first, sealed, last] = ids;
    now = before(END);
    expect(await seenBy(cpfHash)).toEqual([last, first]);
    expect(await reader.count({ cpfHashes: [cpfHash], limit: 10 })).toEqual(new Map([[cpfHash, 2]]));
    expect(await seenBy(cpfHash, 1)).toEqual([last]);
    const after = { dataHora: new Date(READ_AT.getTime() + 60_000), id: last! };
    const page = () => reader.find({ cpfHashes: [cpfHash], limit: 1, after });
    expect(await page()).toMatchObject([{ id: first }]);
    now = END;
    expect(await seenBy(cpfHash)).toEqual([last, sealed, first]);
    expect(await reader.count({ cpfHashes: [cpfHash], limit: 10 })).toEqual(new Map([[cpfHash, 3]]));
    expect(await page()).toMatchObject([{ id: sealed }]);
  });

  it('that is the only one leaves nothing: as if nobody had read', async () => {
    const sigilo = { referencia: 'SO-ESTA', ate: END };
    const read = newAcesso({ dataHora: READ_AT, finalidade: 'PREVENCAO_FRAUDE', sigilo });
    await log.record([read]);
    now = before(END);
    expect(await seenBy(read.cpfHash)).toEqual([]);
    expect((await reader.count({ cpfHashes: [read.cpfHash], limit: 1 })).get(read.cpfHash) ?? 0).toBe(0);
  });

  it('shows itself when it is lifted, and stays so', async () => {
    const { cpfHash, referencia } = await readPerson();
    now = new Date('2026-11-25T00:00:00Z');
    await decide(referencia, '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z');
    expect(await seenBy(cpfHash)).toHaveLength(3);
    await decide(referencia, '2026-11-24T13:00:00Z', '2027-06-01T03:00:00Z');
    expect(await seenBy(cpfHash)).toHaveLength(3);
  });

  it('stays hidden when it is prolonged, until the new end, and longer when that is prolonged in time', async () => {
    const { cpfHash, referencia } = await readPerson();
    await decide(referencia, '2026-11-30T12:00:00Z', '2027-06-01T03:00:00Z');
    now = new Date('2027-06-01T02:59:59.999Z');
    expect(await seenBy(cpfHash)).toHaveLength(2);
    now = new Date('2027-06-01T03:00:00.000Z');
    expect(await seenBy(cpfHash)).toHaveLength(3);
    await decide(referencia, '2027-05-01T12:00:00Z', '2028-03-01T03:00:00Z');
    expect(await seenBy(cpfHash)).toHaveLength(2);
  });

  it('that has ended is not hidden again by a decision that comes too late', async () => {
    const { cpfHash, referencia } = await readPerson();
    await decide(referencia, END.toISOString(), '2027-06-01T03:00:00Z');
    now = new Date('2026-12-02T00:00:00Z');
    expect(await seenBy(cpfHash)).toHaveLength(3);
  });

  it('is not touched by a decision about another client, another reference, or from before it', async () => {
    const { cpfHash, referencia } = await readPerson();
    const at = '2026-11-24T12:00:00Z';
    await decide(referencia, at, at, 'outro');
    await decide(`${referencia}-2`, at, at);
    await decide(referencia, '2026-11-20T11:59:59.999Z', '2026-11-20T11:59:59.999Z');
    now = new Date('2026-11-25T00:00:00Z');
    expect(await seenBy(cpfHash)).toHaveLength(2);
    await decide(referencia, at, at);
    expect(await seenBy(cpfHash)).toHaveLength(3);
  });

  it('may be of a client with any name', async () => {
    const clientId = 'emissor/Açúcar & Cia 🙂';
    const { cpfHash, referencia } = await readPerson({ clientId });
    await decide(referencia, '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z', clientId);
    now = new Date('2026-11-25T00:00:00Z');
    expect(await seenBy(cpfHash)).toHaveLength(3);
  });
});

describe('A decision on a seal', () => {
  let bases: TestBases;
  beforeAll(async () => {
    bases = await openTestBases();
  });
  afterAll(() => bases.drop());

  const DECISION: SealDecision = {
    clientId: 'banco',
    referencia: 'FRAUDE-1',
    decidedAt: new Date('2026-11-24T12:00:00Z'),
    endsAt: new Date('2027-01-01T03:00:00Z'),
  };
  const store = (decision: Partial<SealDecision>): Promise<void> =>
    storeDecision(bases.auditoria.owner, { ...DECISION, ...decision }, DECIDER);
  const stored = async (): Promise<number> =>
    (await bases.auditoria.owner.query('SELECT FROM transparency.seal_decision')).rows.length;
  const records = async (): Promise<Record<string, unknown>[]> =>
    (await bases.auditoria.owner.query(`SELECT * FROM acesso WHERE operacao = 'Sigilo' ORDER BY data_hora`)).rows;

  it('has a record of who decided what, about nobody', async () => {
    await store({});
    expect(await records()).toMatchObject([
      {
        client_id: 'encarregado',
        sujeito: 'maria',
        finalidade: 'PREVENCAO_FRAUDE',
        cpf_hash: '0'.repeat(32),
        campos: ['FRAUDE-1', '20270101T030000.000Z', '62616e636f'],
        data_hora: DECISION.decidedAt,
        servico: 'auditoria',
        sigilo_referencia: null,
      },
    ]);
  });

  it.each<[string, Partial<SealDecision>]>([
    ['for more than a year', { endsAt: new Date('2027-11-26T12:00:00.001Z') }],
    ['before it is made', { endsAt: new Date('2026-11-24T11:59:59.999Z') }],
    ['of a reference that no claim has', { referencia: 'a/b' }],
  ])('%s is refused, and leaves no record', async (_title, decision) => {
    const [decisionsBefore, recordsBefore] = [await stored(), (await records()).length];
    await expect(store(decision)).rejects.toThrow();
    expect([await stored(), (await records()).length]).toEqual([decisionsBefore, recordsBefore]);
  });

  const insertBy = (role: pg.Pool, recordId: string, fields: Partial<SealDecision> = {}) => {
    const { clientId, referencia, decidedAt, endsAt } = { ...DECISION, ...fields };
    return role.query(
      `INSERT INTO transparency.seal_decision (acesso_id, client_id, reference, decided_at, ends_at) VALUES ($1, $2, $3, $4, $5)`,
      [recordId, clientId, referencia, decidedAt, endsAt],
    );
  };
  /** The record of a decision without the decision. */
  async function recordOf(fields: Partial<Acesso> = {}): Promise<string> {
    const log = postgresAuditLog(poolOf(bases.auditoria.writerUrl));
    const record = newAcesso({
      ...DECIDER,
      dataHora: DECISION.decidedAt,
      servico: 'auditoria',
      operacao: 'Sigilo',
      campos: decisionFields(DECISION),
      ...fields,
    });
    await log.record([record]).finally(() => log.close());
    return record.id;
  }

  it.each<[string, () => Promise<string>, Partial<SealDecision>]>([
    ['without a record', async () => randomUUID(), {}],
    ['whose record has another reference', () => recordOf(), { referencia: 'FRAUDE-2' }],
    ['whose record has another client', () => recordOf(), { clientId: 'outro' }],
    ['whose record has another end', () => recordOf(), { endsAt: new Date('2027-01-02T03:00:00Z') }],
    ['whose record has another instant', () => recordOf(), { decidedAt: new Date('2026-11-24T12:00:00.001Z') }],
    ['whose record is of a service', () => recordOf({ servico: 'router' }), {}],
    ['whose record is of another operation', () => recordOf({ operacao: 'Eliminacao' }), {}],
    ['whose record has no success', () => recordOf({ resultado: 'NEGADO' }), {}],
  ])('%s is refused to the owner too', async (_title, makeRecord, fields) => {
    const recordId = await makeRecord();
    await expect(insertBy(bases.auditoria.owner, recordId, fields)).rejects.toThrow('has a record of the audit');
  });

  it('is made by the owner alone, once for a record, and never changes', async () => {
    const recordId = await recordOf();
    const { owner, auditorUrl, readerUrl, writerUrl } = bases.auditoria;
    await owner.query('GRANT INSERT ON transparency.seal_decision TO PUBLIC');
    for (const url of [auditorUrl, readerUrl, writerUrl]) {
      const pool = poolOf(url);
      await expect(insertBy(pool, recordId)).rejects.toThrow(/has a record of the audit|permission denied/);
      await pool.end();
    }
    await insertBy(owner, recordId);
    await expect(insertBy(owner, recordId)).rejects.toThrow('seal_decision_acesso_id_key');
    for (const statement of [
      'UPDATE transparency.seal_decision SET ends_at = decided_at',
      'DELETE FROM transparency.seal_decision',
      'TRUNCATE transparency.seal_decision',
    ])
      // prettier-ignore
      await expect(owner.query(statement)).rejects.toThrow('seal_decision is append-only');
  });
});

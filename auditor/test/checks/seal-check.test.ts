import { storeDecision } from '@pessoa/audit/store-decision';
import type pg from 'pg';
import { createContinuousCheck } from '../../src/checks/continuous-check.ts';
import { checkPlacedRecords } from '../../src/checks/record-check.ts';
import { findFalseDecisions } from '../../src/checks/seal-check.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree, type StoredTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('The check of seals', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  let tree: StoredTree;
  beforeEach(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
    const sigilo = { referencia: 'FRAUDE-1', ate: new Date(Date.now() + 86_400_000) };
    await reads.record(2, { clientId: 'banco', finalidade: 'PREVENCAO_FRAUDE', sigilo });
    await decide();
    tree = (await placeRecords(db, await readTree(db), reads.people())).tree;
    expect(tree.size).toBe(3);
  });
  afterEach(() => reads.close());

  const owner = () => reads.bases.auditoria.owner;
  function decide(): Promise<void> {
    const now = new Date();
    const decision = { clientId: 'banco', referencia: 'FRAUDE-1', decidedAt: now, endsAt: new Date(now.getTime() + 1_000) };
    return storeDecision(owner(), decision, { clientId: 'encarregado', sujeito: 'maria', finalidade: 'COBRANCA' });
  } // prettier-ignore
  const asAttacker = async (statement: string): Promise<void> => {
    for (const table of ['public.acesso', 'transparency.seal_decision'])
      await owner().query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await owner().query(`ALTER TABLE transparency.seal_decision DROP CONSTRAINT seal_decision_ends_at_check`);
    await owner().query(statement);
  };
  /** All faults that a whole check finds. */
  async function faults(): Promise<string[]> {
    const check = createContinuousCheck(reads.keys, 1_000);
    const { faults: found, hasEnded } = await check.step(db, tree);
    expect(hasEnded).toBe(true);
    expect(check.faults().seal).toBe(found.filter(({ kind }) => kind === 'seal').length);
    return found.map(({ kind, at }) => `${kind} ${at}`);
  }
  const decisionRecord = async (): Promise<string> =>
    (await owner().query<{ acesso_id: string }>('SELECT acesso_id FROM transparency.seal_decision')).rows[0]!.acesso_id;

  it('finds no fault in decisions that have their records', async () => {
    expect(await faults()).toEqual([]);
  });

  it('finds a decision that somebody inserted without a record', async () => {
    const recordId = '00000000-0000-4000-8000-000000000001';
    await asAttacker(
      `INSERT INTO transparency.seal_decision (acesso_id, client_id, reference, decided_at, ends_at)
       VALUES ('${recordId}', 'banco', 'FRAUDE-1', now(), now())`,
    );
    expect(await faults()).toEqual([`seal ${recordId}`]);
  });

  it.each([
    ['the end', 'ends_at = ends_at - interval $$1 millisecond$$'],
    ['the instant', 'decided_at = decided_at + interval $$1 millisecond$$'],
    ['the client', `client_id = 'outro'`],
    ['the reference', `reference = 'FRAUDE-2'`],
  ])('finds a decision of which %s was edited', async (_title, change) => {
    const recordId = await decisionRecord();
    await asAttacker(`UPDATE transparency.seal_decision SET ${change}`);
    expect(await faults()).toEqual([`seal ${recordId}`]);
  });

  it('finds a decision for too long, even with a record that says so', async () => {
    const recordId = await decisionRecord();
    await asAttacker(
      `WITH longer AS (UPDATE transparency.seal_decision SET ends_at = '2099-01-01T00:00:00Z')
       UPDATE acesso SET campos[2] = '20990101T000000.000Z' WHERE id = '${recordId}'`,
    );
    expect(await faults()).toEqual(['changed 2', `seal ${recordId}`]);
  });

  it('finds a decision that was removed: its record is in the log', async () => {
    await asAttacker('DELETE FROM transparency.seal_decision');
    expect(await faults()).toEqual(['seal 2']);
  });

  it.each([
    ['lifted by hand', `sigilo_referencia = NULL, sigilo_ate = NULL`],
    ['prolonged by hand', `sigilo_ate = sigilo_ate + interval '1 day'`],
    ['moved to another investigation', `sigilo_referencia = 'FRAUDE-2'`],
  ])('finds a seal that was %s', async (_title, change) => {
    await asAttacker(`UPDATE acesso SET ${change} WHERE sigilo_ate IS NOT NULL`);
    expect(await faults()).toEqual(['changed 0', 'changed 1']);
  });

  it('finds a read that was sealed afterwards', async () => {
    await reads.record(1, { finalidade: 'PREVENCAO_FRAUDE' });
    tree = (await placeRecords(db, tree, reads.people())).tree;
    await asAttacker(
      `UPDATE acesso SET sigilo_referencia = 'FRAUDE-9', sigilo_ate = data_hora + interval '1 day' WHERE sigilo_ate IS NULL AND servico = 'router'`,
    );
    expect(await faults()).toEqual(['changed 3']);
  });

  it('goes through any number of decisions, a thousand at a time', async () => {
    await asAttacker(
      `INSERT INTO transparency.seal_decision (acesso_id, client_id, reference, decided_at, ends_at)
       SELECT gen_random_uuid(), 'banco', 'FRAUDE-1', now(), now() FROM generate_series(1, 1500)`,
    );
    const first = await findFalseDecisions(db, undefined);
    const second = await findFalseDecisions(db, first.last);
    expect([first.faults.length, second.faults.length, second.last]).toEqual([999, 501, undefined]);
  });

  it('takes nothing for a decision that a client named so', async () => {
    await reads.record(1, { operacao: 'Sigilo' });
    tree = (await placeRecords(db, tree, reads.people())).tree;
    expect(await checkPlacedRecords(db, 0, tree, reads.keys)).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import type { Acesso } from '@pessoa/audit/audit-log';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import type pg from 'pg';
import type { ProvenRecord } from '../src/proofs/record-proofs.ts';
import { type AuditorUnderTest, startAuditorUnderTest } from './auditor-under-test.ts';
import { openRecordedReads } from './recorded-reads.ts';

/** What an owner of the database does who removes the triggers first. */
const asOwner = (auditor: AuditorUnderTest, statement: string, values: unknown[] = []): Promise<unknown> =>
  auditor.reads.bases.auditoria.owner.query(statement, values);

/** Faults that the auditor reported, such as `changed 12`. */
const reported = ({ environment }: AuditorUnderTest): string[] =>
  environment.logLines().flatMap((line) => {
    const { motivo, registro } = JSON.parse(line) as { motivo?: string; registro?: string };
    return registro === undefined ? [] : [`${motivo} ${registro}`];
  });

async function waitFor<T>(what: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await what();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Checks a proof with nothing but the answer and the key of the log. @throws VerificationError */
async function checkProof(auditor: AuditorUnderTest, record: ProvenRecord): Promise<void> {
  const key = (await (await auditor.get('/auditoria/chave')).text()).trim();
  verifyAnswer(JSON.stringify({ registros: [record] }), trustedKeys(key, []));
}

describe.each(['before', 'after'] as const)('an attack %s the record has its place', (when) => {
  let auditor: AuditorUnderTest;
  /** Has the lock of the leader, so that the auditor waits, as when it is slow or down. */
  let leader: pg.PoolClient | undefined;
  beforeEach(async () => {
    const reads = await openRecordedReads();
    if (when === 'before') {
      leader = await reads.bases.auditoria.owner.connect();
      await leader.query("SELECT pg_advisory_lock(hashtextextended('pessoa auditor', 0))");
    }
    auditor = await startAuditorUnderTest({ AUDITOR_CHECK_SECONDS: '1' }, reads);
    await asOwner(auditor, 'ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
  });
  afterEach(() => auditor.close());

  const proofOf = async ({
    interacao,
    clientId,
    sujeito,
  }: Acesso): Promise<{ status: number; body: { registros: ProvenRecord[]; code?: string } }> => {
    const token = await auditor.environment.token({ clientId, subject: sujeito });
    const response = await auditor.get(`/auditoria/provas/${interacao}`, token);
    return { status: response.status, body: (await response.json()) as never };
  };

  /** Waits for the proof of a read. */
  const provenOf = (read: Acesso): Promise<ProvenRecord> =>
    waitFor(async () => {
      const { status, body } = await proofOf(read);
      return status === 200 ? body.registros[0]! : undefined;
    });

  /** Records two reads, and runs the attack before or after they get their places. */
  async function attack(run: (reads: [Acesso, Acesso]) => Promise<unknown>): Promise<[Acesso, Acesso]> {
    const reads = (await auditor.reads.record(2)) as [Acesso, Acesso];
    if (when === 'after') await auditor.published();
    await run(reads);
    leader?.release(true);
    leader = undefined;
    return reads;
  }

  it('a row deleted: the auditor reports it, and the caller finds no record of an answer that it has', async () => {
    const [deleted, kept] = await attack(([read]) => asOwner(auditor, 'DELETE FROM acesso WHERE id = $1', [read.id]));
    if (when === 'after') await waitFor(() => reported(auditor).find((fault) => /^removed \d+$/.test(fault)));
    else await waitFor(() => auditor.environment.logLines().find((line) => line.includes('removed before they got')));
    expect(await proofOf(deleted)).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
    const record = await provenOf(kept);
    await checkProof(auditor, record);
    expect((await (await auditor.get('/health/ready')).json()) as object).toMatchObject({
      fontes: { auditoria: 'fora' },
    });
  });

  it('a purpose edited: the auditor reports it, or the caller reads another purpose than its own', async () => {
    const [edited] = await attack(([read]) =>
      asOwner(auditor, `UPDATE acesso SET finalidade = 'LOCACAO' WHERE id = $1`, [read.id]),
    );
    const record = await provenOf(edited);
    expect(record.registro.finalidade).toBe('LOCACAO');
    expect(edited.finalidade).not.toBe('LOCACAO');
    if (when === 'before') return;
    await expect(checkProof(auditor, record)).rejects.toThrow('is not what the tree holds');
    await waitFor(() => reported(auditor).find((fault) => /^changed \d+$/.test(fault)));
  });

  it('two rows swapped: the auditor reports both, or each caller reads what it did not do', async () => {
    const [first, second] = await attack(async ([one, other]) => {
      const swap = 'UPDATE acesso SET interacao = $2, cpf_hash = $3 WHERE id = $1';
      await asOwner(auditor, swap, [one.id, other.interacao, other.cpfHash]);
      await asOwner(auditor, swap, [other.id, one.interacao, one.cpfHash]);
    });
    const record = await provenOf(first);
    expect(record.registro.id).toBe(second.id);
    if (when === 'before') return;
    await expect(checkProof(auditor, record)).rejects.toThrow('is not what the tree holds');
    await waitFor(() =>
      reported(auditor).filter((fault) => fault.startsWith('changed ')).length >= 2 ? true : undefined,
    );
  });

  it('a back-dated row: the auditor reports a row of another time than those around it, or one without a place', async () => {
    const insert = `INSERT INTO acesso SELECT gen_random_uuid(), cpf_hash, client_id, sujeito, campos, finalidade, consentimento,
      ordem_judicial, pelo_titular, resultado, data_hora - interval '1 day', gen_random_uuid(), operacao, servico
      FROM acesso LIMIT 1`;
    await attack(async () => {
      if (when === 'before') return asOwner(auditor, insert);
      await asOwner(auditor, 'ALTER TABLE acesso DISABLE TRIGGER acesso_awaits_place');
      return asOwner(auditor, insert);
    });
    const kind = when === 'before' ? 'misdated' : 'unplaced';
    await waitFor(() => reported(auditor).find((fault) => fault.startsWith(`${kind} `)));
  });

  it('a read answered without a record: its caller finds none', async () => {
    const [read] = await attack(async () => {});
    const answered = { ...read, interacao: randomUUID() };
    expect(await proofOf(answered)).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
  });

  it('a proof made for another record: whoever checks it sees that it proves nothing', async () => {
    const [read, other] = await attack(async () => {});
    const { prova } = await provenOf(other);
    await expect(checkProof(auditor, { ...(await provenOf(read)), prova })).rejects.toThrow(
      'is not what the tree holds',
    );
  });
});

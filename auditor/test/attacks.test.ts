import { randomUUID } from 'node:crypto';
import type { Acesso } from '@pessoa/audit/audit-log';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import type { ProvenRecord } from '../src/proofs/record-proofs.ts';
import { type AttackedAuditor, startAttackedAuditor, waitFor } from './attacked-auditor.ts';

describe.each(['before', 'after'] as const)('an attack %s the record has its place', (when) => {
  let attacked: AttackedAuditor;
  beforeEach(async () => {
    attacked = await startAttackedAuditor(when);
  });
  afterEach(() => attacked.close());

  const attack = (run: (reads: [Acesso, Acesso]) => Promise<unknown>): Promise<[Acesso, Acesso]> =>
    attacked.attack(async () => (await attacked.auditor.reads.record(2)) as [Acesso, Acesso], run);
  /** Checks a proof with nothing but the answer and the key of the log. @throws VerificationError */
  const checkProof = async (record: ProvenRecord): Promise<void> =>
    void verifyAnswer(JSON.stringify({ registros: [record] }), await attacked.trusted());

  it('a row deleted: the auditor reports it, and the caller finds no record of an answer that it has', async () => {
    const [deleted, kept] = await attack(([read]) => attacked.asOwner('DELETE FROM acesso WHERE id = $1', [read.id]));
    if (when === 'after') await waitFor(() => attacked.reported().find((fault) => /^removed \d+$/.test(fault)));
    else
      await waitFor(() =>
        attacked.auditor.environment.logLines().find((line) => line.includes('removed before they got')),
      );
    expect(await attacked.proofOf(deleted)).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
    const record = await attacked.provenOf(kept);
    await checkProof(record);
    expect((await (await attacked.auditor.get('/health/ready')).json()) as object).toMatchObject({
      fontes: { auditoria: 'fora' },
    });
  });

  it('a purpose edited: the auditor reports it, or the caller reads another purpose than its own', async () => {
    const [edited] = await attack(([read]) =>
      attacked.asOwner(`UPDATE acesso SET finalidade = 'LOCACAO' WHERE id = $1`, [read.id]),
    );
    const record = await attacked.provenOf(edited);
    expect(record.registro.finalidade).toBe('LOCACAO');
    expect(edited.finalidade).not.toBe('LOCACAO');
    if (when === 'before') return;
    await expect(checkProof(record)).rejects.toThrow('is not what the tree holds');
    await waitFor(() => attacked.reported().find((fault) => /^changed \d+$/.test(fault)));
  });

  it('two rows swapped: the auditor reports both, or each caller reads what it did not do', async () => {
    const [first, second] = await attack(async ([one, other]) => {
      const swap = 'UPDATE acesso SET interacao = $2, cpf_hash = $3 WHERE id = $1';
      await attacked.asOwner(swap, [one.id, other.interacao, other.cpfHash]);
      await attacked.asOwner(swap, [other.id, one.interacao, one.cpfHash]);
    });
    const record = await attacked.provenOf(first);
    expect(record.registro.id).toBe(second.id);
    if (when === 'before') return;
    await expect(checkProof(record)).rejects.toThrow('is not what the tree holds');
    await waitFor(() =>
      attacked.reported().filter((fault) => fault.startsWith('changed ')).length >= 2 ? true : undefined,
    );
  });

  it('a back-dated row: the auditor reports a row of another time than those around it, or one without a place', async () => {
    const insert = `INSERT INTO acesso SELECT gen_random_uuid(), cpf_hash, client_id, sujeito, campos, finalidade, consentimento,
      ordem_judicial, pelo_titular, resultado, data_hora - interval '1 day', gen_random_uuid(), operacao, servico, cpf_cifrado
      FROM acesso LIMIT 1`;
    await attack(async () => {
      if (when === 'before') return attacked.asOwner(insert);
      await attacked.asOwner('ALTER TABLE acesso DISABLE TRIGGER acesso_awaits_place');
      return attacked.asOwner(insert);
    });
    const kind = when === 'before' ? 'misdated' : 'unplaced';
    await waitFor(() => attacked.reported().find((fault) => fault.startsWith(`${kind} `)));
  });

  it('a read answered without a record: its caller finds none', async () => {
    const [read] = await attack(async () => {});
    const answered = { ...read, interacao: randomUUID() };
    expect(await attacked.proofOf(answered)).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
  });

  it('a proof made for another record: whoever checks it sees that it proves nothing', async () => {
    const [read, other] = await attack(async () => {});
    const { prova } = await attacked.provenOf(other);
    await expect(checkProof({ ...(await attacked.provenOf(read)), prova })).rejects.toThrow(
      'is not what the tree holds',
    );
  });
});

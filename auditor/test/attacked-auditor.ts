import type { Acesso } from '@pessoa/audit/audit-log';
import { trustedKeys, type TrustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import type pg from 'pg';
import type { ProvenRecord } from '../src/proofs/record-proofs.ts';
import { type AuditorUnderTest, startAuditorUnderTest } from './auditor-under-test.ts';
import { openRecordedReads } from './recorded-reads.ts';

/** An auditor whose database somebody attacks who has the rights of its owner. */
export interface AttackedAuditor {
  readonly auditor: AuditorUnderTest;
  /** What an owner of the database does who removes the triggers first. */
  asOwner(statement: string, values?: unknown[]): Promise<unknown>;
  /** Records reads, and runs the attack before or after they get their places. */
  attack<Reads>(record: () => Promise<Reads>, run: (reads: Reads) => Promise<unknown>): Promise<Reads>;
  /** Faults that the auditor reported, such as `changed 12`. */
  reported(): string[];
  /** The answer to the caller of a read who asks for the proof. */
  proofOf(read: Acesso): Promise<{ status: number; body: { registros: ProvenRecord[]; code?: string } }>;
  /** Waits for the proof of a read. */
  provenOf(read: Acesso): Promise<ProvenRecord>;
  /** The keys that a verifier has. */
  trusted(): Promise<TrustedKeys>;
  close(): Promise<void>;
}

export async function waitFor<T>(what: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await what();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @param when `before`: another has the lock of the leader, so that the auditor waits, as when it is slow or down */
export async function startAttackedAuditor(when: 'before' | 'after'): Promise<AttackedAuditor> {
  const reads = await openRecordedReads();
  const { owner } = reads.bases.auditoria;
  let leader: pg.PoolClient | undefined;
  if (when === 'before') {
    leader = await owner.connect();
    await leader.query("SELECT pg_advisory_lock(hashtextextended('pessoa auditor', 0))");
  }
  const auditor = await startAuditorUnderTest({ AUDITOR_CHECK_SECONDS: '1' }, reads);
  await owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
  const proofOf: AttackedAuditor['proofOf'] = async ({ interacao, clientId, sujeito }) => {
    const token = await auditor.environment.token({ clientId, subject: sujeito });
    const response = await auditor.get(`/auditoria/provas/${interacao}`, token);
    return { status: response.status, body: (await response.json()) as never };
  };
  return {
    auditor,
    asOwner: (statement, values = []) => owner.query(statement, values),
    async attack(record, run) {
      const recorded = await record();
      if (when === 'after') await auditor.published();
      await run(recorded);
      leader?.release(true);
      leader = undefined;
      return recorded;
    },
    reported: () =>
      auditor.environment.logLines().flatMap((line) => {
        const { motivo, registro } = JSON.parse(line) as { motivo?: string; registro?: string };
        return registro === undefined ? [] : [`${motivo} ${registro}`];
      }),
    proofOf,
    provenOf: (read) =>
      waitFor(async () => {
        const { status, body } = await proofOf(read);
        return status === 200 ? body.registros[0]! : undefined;
      }),
    trusted: async () => trustedKeys((await (await auditor.get('/auditoria/chave')).text()).trim(), []),
    close: () => auditor.close(),
  };
}

import { startPgBouncer } from '@pessoa/testkit/pgbouncer';
import { openLeaderSession } from '../src/leadership/leader-session.ts';
import { openRecordedReads } from './recorded-reads.ts';

it('The lock of the one leader is never asked for through a pooler, which would share it', async () => {
  const reads = await openRecordedReads();
  const { auditorUrl } = reads.bases.auditoria;
  const bouncer = await startPgBouncer([auditorUrl]);
  try {
    const session = await openLeaderSession(auditorUrl);
    expect(await session.lead()).toBe(true);
    await session.close();
    await expect(openLeaderSession(bouncer.through(auditorUrl))).rejects.toThrow('AUDIT_AUDITOR_URL leads to a connection pooler'); // prettier-ignore
  } finally {
    await bouncer.close();
    await reads.close();
  }
});

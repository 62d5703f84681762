import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { openTcpRelay, type TcpRelay } from '@pessoa/testkit/tcp-relay';
import { startAuditor } from '../src/auditor.ts';
import { readConfig } from '../src/config.ts';
import { type AuditorUnderTest, startAuditorUnderTest } from './auditor-under-test.ts';
import { openRecordedReads } from './recorded-reads.ts';

describe('while the database of the audit is away', () => {
  let relay: TcpRelay;
  let auditor: AuditorUnderTest;
  let token: string;
  const cpf = newCpf();
  beforeAll(async () => {
    const reads = await openRecordedReads();
    const url = new URL(reads.bases.auditoria.auditorUrl);
    relay = await openTcpRelay({ host: url.hostname, port: Number(url.port) });
    auditor = await startAuditorUnderTest({ AUDIT_AUDITOR_URL: relay.through(url.href) }, reads);
    token = await auditor.environment.token({ cpf });
    await reads.record(1);
    await auditor.published();
  });
  afterAll(async () => {
    await auditor.close();
    await relay.close();
  });

  const answerOf = async (path: string) => {
    const response = await auditor.get(path, token);
    const { code, fonte } = (await response.json()) as { code?: string; fonte?: string };
    return { status: response.status, code, fonte };
  };
  const paths = [
    '/auditoria/tile/entries/000.p/1',
    '/auditoria/checkpoint',
    `/auditoria/provas/${randomUUID()}`,
    `/auditoria/pessoa/${cpf}`,
  ];

  it('every path that needs it says so, and none is a fault of ours', async () => {
    relay.cut(true);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // a checkpoint is remembered for a second
    for (const path of paths)
      expect({ path, ...(await answerOf(path)) }).toEqual({ path, status: 503, code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' }); // prettier-ignore
  });

  it('and when it is back, so is the log', async () => {
    relay.cut(false);
    while ((await auditor.get('/auditoria/checkpoint')).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 100));
    await auditor.reads.record(1);
    await auditor.published();
  });
});

it('An auditor whose port is taken never leads', async () => {
  const auditor = await startAuditorUnderTest();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  try {
    await auditor.stop();
    const config = readConfig({ ...auditor.env, AUDITOR_PORT: String((taken.address() as AddressInfo).port) });
    await expect(startAuditor(config, auditor.environment.logger)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const lock = "SELECT pg_try_advisory_lock(hashtextextended('pessoa auditor', 0)) AS free";
    expect((await auditor.reads.bases.auditoria.owner.query(lock)).rows).toEqual([{ free: true }]);
  } finally {
    taken.close();
    await auditor.close();
  }
});

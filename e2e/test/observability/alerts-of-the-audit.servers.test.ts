import { generateKeyPairSync } from 'node:crypto';
import { startAuditor } from '@pessoa/auditor/auditor';
import { readConfig } from '@pessoa/auditor/config';
import { systemClock } from '@pessoa/domain/data';
import { freePort } from '@pessoa/service/processes/free-port';
import type { RunningService } from '@pessoa/service/processes/process';
import { openReadRecorder, type ReadFields } from '@pessoa/testkit/read-recorder';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import { formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { fires, type Observed, observe } from '../../src/promtool.ts';
import { until } from '../../src/replicated-debt.ts';
import { scrape } from '../../src/scraped-metrics.ts';

/** The verifier key of a witness that does not answer. */
const WITNESS = formatVerifierKey(cosigner('witness.example', generateKeyPairSync('ed25519').privateKey, systemClock));

describe('An alert about the log of the audit fires for its cause, and not before:', () => {
  let environment: TestEnvironment;
  let bases: TestBases;
  let auditor: RunningService;
  beforeEach(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
  });
  afterEach(async () => {
    await auditor.close();
    await environment.close();
    await bases.drop();
  });

  const start = async (env: Record<string, string> = {}, of: TestBases = bases): Promise<RunningService> => {
    const variables = {
      ...environment.env,
      AUDIT_AUDITOR_URL: of.auditoria.auditorUrl,
      AUDITOR_CHECK_SECONDS: '1',
      ...env,
    };
    const running = await startAuditor(readConfig(variables), environment.logger);
    let closing: Promise<void> | undefined;
    return (auditor = { ...running, close: () => (closing ??= running.close()) });
  };
  const valueOf = async (name: string): Promise<number> => (await scrape(auditor.metricsUrl)).sum(name);
  const seen = (): Promise<Observed> => observe({ auditor: auditor.metricsUrl });
  /** Records reads, as the services that write this audit do. */
  const record = async (of: Pick<TestBases, 'auditoria'>, count: number, fields?: ReadFields): Promise<void> => {
    const recorder = openReadRecorder(of, environment.env['CPF_HASH_KEY']);
    await recorder.record(count, fields).finally(() => recorder.close());
  };
  /** Records that are published. */
  const publish = async (count: number, of: TestBases = bases): Promise<void> => {
    await record(of, count);
    await until('they are published', async () => (await valueOf('pessoa_auditor_published_records')) >= count);
  };

  it('a database that was put back', async () => {
    const older = await openTestBases();
    try {
      await start();
      await publish(20);
      const { rows } = await bases.auditoria.owner.query(
        'SELECT size, note FROM transparency.checkpoint ORDER BY size DESC LIMIT 1',
      );
      await auditor.close();
      await start({}, older);
      await publish(5, older);
      const before = await seen();
      await auditor.close();
      await older.auditoria.owner.query('INSERT INTO transparency.checkpoint (size, note) VALUES ($1, $2)', [
        rows[0].size,
        rows[0].note,
      ]);
      await start({}, older);
      const first = await seen();
      await until('it notices', async () => (await valueOf('pessoa_auditor_contradictions_total')) > 1);
      expect(await fires('PessoaLogContradicted', before)).toBe(false);
      expect(await fires('PessoaLogContradicted', first, await seen())).toBe(true);
    } finally {
      await auditor.close();
      await older.drop();
    }
  });

  it('a record that was edited', async () => {
    await start();
    await publish(5);
    const before = await seen();
    expect(await fires('PessoaRecordFault', before)).toBe(false);
    await bases.auditoria.owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
    await bases.auditoria.owner.query(
      `UPDATE acesso SET finalidade = 'COBRANCA' WHERE ctid = (SELECT min(ctid) FROM acesso)`,
    );
    await until('it is found', async () => (await valueOf('pessoa_auditor_faults')) > 0);
    expect(await fires('PessoaRecordFault', before, await seen())).toBe(true);
  });

  it('a record that was removed while no auditor ran, before it had its place', async () => {
    await record(bases, 5);
    await bases.auditoria.owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
    await bases.auditoria.owner.query('DELETE FROM acesso WHERE ctid = (SELECT min(ctid) FROM acesso)');
    await start();
    await until('it is found', async () => (await valueOf('pessoa_auditor_faults')) > 0);
    expect(await fires('PessoaRecordFault', await seen())).toBe(true);
  });

  it('a witness that does not answer', async () => {
    await start();
    await publish(5);
    expect(await fires('PessoaLogBehind', await seen())).toBe(false);
    await auditor.close();
    await start({ WITNESSES: `${WITNESS} http://127.0.0.1:${await freePort()}` });
    await record(bases, 5);
    await until('they have their places', async () => (await valueOf('pessoa_auditor_records')) === 10);
    expect(await fires('PessoaLogBehind', await seen())).toBe(true);
  });

  it('a record that waits for its place, also when no process leads', async () => {
    const holder = await bases.auditoria.owner.connect();
    await holder.query("SELECT pg_advisory_lock(hashtextextended('pessoa auditor', 0))");
    await start();
    expect(await fires('PessoaRecordsPending', await seen())).toBe(false);
    const minutesAgo = { dataHora: new Date(Date.now() - 90_000) };
    await record(bases, 1, minutesAgo);
    await record(bases, 1);
    const age = await valueOf('pessoa_auditor_pending_age_seconds');
    expect(age).toBeGreaterThanOrEqual(90);
    expect(age).toBeLessThan(150);
    expect(await fires('PessoaRecordsPending', await seen())).toBe(true);
    holder.release(true);
    await until('they have their places', async () => (await valueOf('pessoa_auditor_records')) === 2);
    expect(await valueOf('pessoa_auditor_pending_age_seconds')).toBe(0);
    expect(await fires('PessoaRecordsPending', await seen())).toBe(false);
  });

  it('nobody who keeps the log', async () => {
    await start();
    await publish(5);
    expect(await fires('PessoaLogWithoutLeader', await seen())).toBe(false);
    await auditor.close();
    const holder = await bases.auditoria.owner.connect();
    await holder.query("SELECT pg_advisory_lock(hashtextextended('pessoa auditor', 0))");
    await start();
    expect(await fires('PessoaLogWithoutLeader', await seen())).toBe(true);
    holder.release(true);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import pg from 'pg';
import { checkPlacedRecords } from '../src/checks/record-check.ts';
import { readTree } from '../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from './recorded-reads.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** After this time at most, another auditor keeps the log. */
const TAKE_OVER_MILLIS = 5_000;

describe('the leader', () => {
  let reads: RecordedReads;
  let environment: TestEnvironment;
  let env: NodeJS.ProcessEnv;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    reads = await openRecordedReads();
    environment = await createTestEnvironment(reads.bases);
    env = {
      ...process.env,
      ...environment.env,
      AUDIT_AUDITOR_URL: reads.bases.auditoria.auditorUrl,
      AUDITOR_PORT: '0',
      AUDITOR_METRICS_PORT: 'off',
      AUDITOR_NAME: 'bureau.example/auditoria',
      AUDITOR_KEY: randomBytes(32).toString('base64url'),
      AUDITOR_VRF_KEY: reads.vrfKey,
      CPF_HASH_KEY: reads.cpfHashKey,
    };
  });
  afterEach(async () => {
    await Promise.all(
      children.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
    await environment.close();
    await reads.close();
  });

  interface RunningAuditor {
    readonly child: ChildProcess;
    /** Lines of its log so far that contain this text. */
    lines(text: string): string[];
  }

  function startProcess(): RunningAuditor {
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    return { child, lines: (text) => output.split('\n').filter((line) => line.includes(text)) };
  }
  const hasStarted = (auditor: RunningAuditor): boolean => auditor.lines('the log of the audit is signed with this key').length > 0; // prettier-ignore
  const leads = (auditor: RunningAuditor): boolean => auditor.lines('keeps the log').length > 0;
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const count = async (sql: string): Promise<number> =>
    Number((await reads.bases.auditoria.owner.query<{ count: string }>(sql)).rows[0]!.count);
  /** Waits until every record is under a published checkpoint. */
  const allPublished = async (): Promise<void> => {
    const records = await count('SELECT count(*) FROM acesso');
    await until(
      async () => (await count('SELECT coalesce(max(size), 0) AS count FROM transparency.checkpoint')) === records,
    );
  };

  it('is one of two, and the other takes over within 5 s after a SIGKILL', async () => {
    const first = startProcess();
    await until(() => leads(first));
    const second = startProcess();
    await until(() => hasStarted(second));
    await reads.record(20);
    await allPublished();
    expect(leads(second)).toBe(false);
    first.child.kill('SIGKILL');
    const killedAt = performance.now();
    await reads.record(20);
    await allPublished();
    expect(performance.now() - killedAt).toBeLessThan(TAKE_OVER_MILLIS);
    await until(() => leads(second));
  });

  it('that is paused is replaced within 5 s, and after it goes on there is still one history', async () => {
    const first = startProcess();
    await until(() => leads(first));
    const second = startProcess();
    await until(() => hasStarted(second));
    await reads.record(20);
    await allPublished();
    first.child.kill('SIGSTOP');
    const pausedAt = performance.now();
    await reads.record(20);
    await allPublished();
    expect(performance.now() - pausedAt).toBeLessThan(TAKE_OVER_MILLIS);
    await until(() => leads(second));
    await Promise.all([
      (async () => {
        first.child.kill('SIGCONT');
        await until(() => first.lines('the log does not grow').length > 0);
      })(),
      reads.record(50),
    ]);
    await allPublished();
    expect(await count('SELECT count(*) FROM transparency.leaf')).toBe(90);
    expect([...first.lines('two histories'), ...second.lines('two histories')]).toEqual([]);
    expect(second.lines('the log does not grow')).toEqual([]);
  });

  it('that is killed again and again while records come leaves no record without its place, none twice, and the map is that of the tree', async () => {
    let isOver = false;
    const writing = (async () => {
      while (!isOver) await reads.record(40);
    })();
    for (let round = 0; round < 4; round++) {
      const auditor = startProcess();
      await until(() => leads(auditor));
      await new Promise((resolve) => setTimeout(resolve, 100 * round));
      auditor.child.kill('SIGKILL');
      await once(auditor.child, 'exit');
    }
    isOver = true;
    await writing;
    startProcess();
    await allPublished();
    const records = await count('SELECT count(*) FROM acesso');
    expect(await count('SELECT count(*) FROM transparency.leaf')).toBe(records);
    expect(await count('SELECT max(place) + 1 AS count FROM transparency.leaf')).toBe(records);
    expect(await count('SELECT count(*) FROM transparency.pending')).toBe(0);
    expect(await count('SELECT count(*) FROM transparency.leaf WHERE number IS NOT NULL')).toBe(records);
    const db = new pg.Client({ connectionString: reads.bases.auditoria.auditorUrl });
    await db.connect();
    const tree = await readTree(db); // it throws unless the map has the root of the tree
    for (let tile = 0; tile * 256 < records; tile++)
      expect(await checkPlacedRecords(db, tile, tree, reads.keys)).toEqual([]);
    await db.end();
  });
});

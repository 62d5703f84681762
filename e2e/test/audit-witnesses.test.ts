import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAuditor } from '@pessoa/auditor/auditor';
import { readConfig as readAuditorConfig } from '@pessoa/auditor/config';
import { systemClock } from '@pessoa/domain/data';
import { freePort } from '@pessoa/service/processes/free-port';
import type { RunningService } from '@pessoa/service/processes/process';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { openReadRecorder } from '@pessoa/testkit/read-recorder';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { cosignatureVerifier, cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { readPrivateKey } from '@pessoa/transparency-log/notes/private-key';
import {
  ed25519Signer,
  ed25519Verifier,
  formatVerifierKey,
  openNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { readConfig as readWitnessConfig } from '@pessoa/witness/config';
import { startWitness } from '@pessoa/witness/witness';

const LOG_NAME = 'bureau.example/auditoria';

interface TestWitness {
  /** For WITNESSES. */
  readonly setting: string;
  readonly key: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

describe('A log with witnesses', () => {
  let bases: TestBases;
  let environment: TestEnvironment;
  let folder: string;
  const auditorKey = randomBytes(32).toString('base64url');
  const witnesses: TestWitness[] = [];
  const auditors: RunningService[] = [];
  const logKey = formatVerifierKey(ed25519Signer(LOG_NAME, readPrivateKey(auditorKey)));

  beforeEach(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
    folder = await mkdtemp(join(tmpdir(), 'pessoa-witness-'));
  });
  afterEach(async () => {
    for (const auditor of auditors.splice(0)) await auditor.close();
    for (const witness of witnesses.splice(0)) await witness.stop();
    await rm(folder, { recursive: true, force: true });
    await environment.close();
    await bases.drop();
  });

  /** Makes a witness of this log, with a folder and a port of its own, which is not started yet. */
  async function makeWitness(name: string): Promise<TestWitness> {
    const seed = randomBytes(32).toString('base64url');
    const state = join(folder, name);
    await mkdir(state);
    const config = readWitnessConfig({
      WITNESS_NAME: name, WITNESS_KEY: seed, WITNESS_LOGS: logKey, WITNESS_STATE: state, WITNESS_PORT: String(await freePort()),
    }); // prettier-ignore
    const key = formatVerifierKey(cosigner(name, config.privateKey, systemClock));
    let running: RunningService | undefined;
    const witness: TestWitness = {
      setting: `${key} http://${config.host}:${config.port}`,
      key,
      start: async () => void (running = await startWitness(config, testLog({ service: 'witness' }).logger)),
      async stop() {
        await running?.close();
        running = undefined;
      },
    };
    witnesses.push(witness);
    return witness;
  }

  interface TestAuditor extends RunningService {
    readonly lines: (text: string) => string[];
  }

  /** Starts an auditor with the key of the log. @param auditorUrl of its role; default: for the audit of the test */
  async function startLog(
    of: readonly TestWitness[],
    quorum = of.length,
    auditorUrl = bases.auditoria.auditorUrl,
  ): Promise<TestAuditor> {
    const { logger, lines } = testLog({ service: 'auditor' });
    const auditor = await startAuditor(
      readAuditorConfig({
        ...environment.env, AUDIT_AUDITOR_URL: auditorUrl, AUDITOR_PORT: '0', AUDITOR_NAME: LOG_NAME, AUDITOR_KEY: auditorKey,
        WITNESSES: of.map(({ setting }) => setting).join(', '), WITNESS_QUORUM: String(quorum),
      }),
      logger,
    ); // prettier-ignore
    let closing: Promise<void> | undefined;
    const running = { ...auditor, close: () => (closing ??= auditor.close()) };
    auditors.push(running);
    return { ...running, lines: (text) => lines().filter((line) => line.includes(text)) };
  }

  /** Records reads, as the services that write this audit do. */
  const record = async (of: Pick<TestBases, 'auditoria'>, count: number): Promise<void> => {
    const recorder = openReadRecorder(of, environment.env['CPF_HASH_KEY']);
    await recorder.record(count).finally(() => recorder.close());
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await condition())) await sleep(50);
  };
  const noteOf = async ({ url }: RunningService): Promise<string> =>
    (await fetch(`${url}/auditoria/checkpoint`)).text();
  const sizeOf = (note: string): number => (note.startsWith(LOG_NAME) ? Number(note.split('\n')[1]) : 0);

  it('publishes checkpoints that each of them has cosigned', async () => {
    const [first, second] = [await makeWitness('first.example'), await makeWitness('second.example')];
    await Promise.all([first.start(), second.start()]);
    const log = await startLog([first, second]);
    for (const size of [1, 3, 300]) {
      await record(bases, size - sizeOf(await noteOf(log)));
      await until(async () => sizeOf(await noteOf(log)) === size);
      const { text, signatures } = openNote(await noteOf(log), [ed25519Verifier(logKey), ...[first, second].map(({ key }) => cosignatureVerifier(key))]); // prettier-ignore
      expect(parseCheckpoint(text).size).toBe(size);
      expect(signatures.map(({ name }) => name).toSorted()).toEqual([LOG_NAME, 'first.example', 'second.example']);
    }
  });

  it('publishes nothing while fewer than the quorum answer, and all of it when they answer again', async () => {
    const [first, second] = [await makeWitness('first.example'), await makeWitness('second.example')];
    await first.start();
    const log = await startLog([first, second]);
    await record(bases, 5);
    await until(() => log.lines('does not count yet').length > 0);
    expect(sizeOf(await noteOf(log))).toBe(0);
    expect(await (await fetch(`${log.url}/health/ready`)).json()).toMatchObject({ fontes: { auditoria: 'fora' } });
    await second.start();
    await until(async () => sizeOf(await noteOf(log)) === 5);
    await second.stop();
    const other = await startLog([first, second], 1);
    await log.close();
    await record(bases, 5);
    await until(async () => sizeOf(await noteOf(other)) === 10);
  });

  it('that is put back to yesterday, or written anew with a stolen key, gets no cosignature and publishes nothing', async () => {
    const witness = await makeWitness('witness.example');
    await witness.start();
    const yesterday = await openTestBases();
    try {
      const log = await startLog([witness]);
      await record(bases, 20);
      await until(async () => sizeOf(await noteOf(log)) === 20);
      await log.close();
      // The same key over another database: with fewer records, with as many, and with more.
      for (const size of [10, 20, 30]) {
        await record(yesterday, 10);
        const other = await startLog([witness], 1, yesterday.auditoria.auditorUrl);
        await until(() => other.lines('the database contradicts the log').length > 0);
        const { rows } = await yesterday.auditoria.owner.query<{ size: string }>('SELECT size FROM transparency.tree');
        expect(Number(rows[0]!.size)).toBe(size);
        expect(sizeOf(await noteOf(other))).toBe(0);
        const metrics = await (await fetch(`${other.metricsUrl}/metrics`)).text();
        expect(Number(/^pessoa_auditor_contradictions_total\S* (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
        await other.close();
      }
      // The true log goes on.
      const again = await startLog([witness]);
      await record(bases, 1);
      await until(async () => sizeOf(await noteOf(again)) === 21);
    } finally {
      for (const auditor of auditors.splice(0)) await auditor.close();
      await yesterday.drop();
    }
  });
});

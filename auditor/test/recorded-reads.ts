import { randomBytes } from 'node:crypto';
import { openReadRecorder, type ReadRecorder } from '@pessoa/testkit/read-recorder';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { nodeCache } from '../src/people/node-cache.ts';
import { type PersonKeys, personKeys } from '../src/people/person-keys.ts';
import type { People } from '../src/tree/place-records.ts';

/** A test's own audit, with the writer of a service. */
export interface RecordedReads extends ReadRecorder {
  readonly bases: TestBases;
  /** `AUDITOR_VRF_KEY`. */
  readonly vrfKey: string;
  /** The people of the records, as a leader knows them. */
  readonly keys: PersonKeys;
  /** The same with an empty cache, as at the begin of a lead. */
  people(): People;
  /** A session of the auditor's role, which `close` ends. */
  auditorSession(): Promise<pg.Client>;
}

export async function openRecordedReads(): Promise<RecordedReads> {
  const bases = await openTestBases();
  const recorder = openReadRecorder(bases);
  const vrfSecret = randomBytes(32);
  const keys = personKeys(vrfSecret, Buffer.from(recorder.cpfHashKey, 'base64url'));
  const sessions: pg.Client[] = [];
  return {
    ...recorder,
    bases,
    vrfKey: vrfSecret.toString('base64url'),
    keys,
    people: () => ({ keys, cache: nodeCache() }),
    async auditorSession() {
      const session = new pg.Client({ connectionString: bases.auditoria.auditorUrl });
      sessions.push(session);
      await session.connect();
      return session;
    },
    async close() {
      await Promise.all(sessions.map((session) => session.end()));
      await recorder.close();
      await bases.drop();
    },
  };
}

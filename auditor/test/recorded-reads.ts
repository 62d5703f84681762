import { randomBytes } from 'node:crypto';
import { openReadRecorder, type ReadRecorder } from '@pessoa/testkit/read-recorder';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
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
}

export async function openRecordedReads(): Promise<RecordedReads> {
  const bases = await openTestBases();
  const recorder = openReadRecorder(bases);
  const vrfSecret = randomBytes(32);
  const keys = personKeys(vrfSecret, Buffer.from(recorder.cpfHashKey, 'base64url'));
  return {
    ...recorder,
    bases,
    vrfKey: vrfSecret.toString('base64url'),
    keys,
    people: () => ({ keys, cache: nodeCache() }),
    async close() {
      await recorder.close();
      await bases.drop();
    },
  };
}

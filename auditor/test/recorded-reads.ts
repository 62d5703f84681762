import { openReadRecorder, type ReadRecorder } from '@pessoa/testkit/read-recorder';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';

/** A test's own audit, with the writer of a service. */
export interface RecordedReads extends ReadRecorder {
  readonly bases: TestBases;
}

export async function openRecordedReads(): Promise<RecordedReads> {
  const bases = await openTestBases();
  const recorder = openReadRecorder(bases);
  return {
    ...recorder,
    bases,
    async close() {
      await recorder.close();
      await bases.drop();
    },
  };
}

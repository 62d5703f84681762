import type { BaseRead } from './base-read.ts';

/** Looks for the records of reads. */
export interface RecordedReads {
  /** @returns for each read, in the same order, whether a record of a service that was not refused its person is near its instant */
  areRecorded(reads: readonly Pick<BaseRead, 'pessoa' | 'dataHora'>[]): Promise<boolean[]>;
  close(): Promise<void>;
}

/** Reads that are compared by one statement. */
const PAGE_READS = 500;

/** The reads that are none of the API, in their order, a page at a time. No page is empty. */
export async function* readsAroundTheApi(
  reads: AsyncIterable<BaseRead>,
  recorded: RecordedReads,
): AsyncGenerator<readonly BaseRead[]> {
  let page: BaseRead[] = [];
  for await (const read of reads) {
    page.push(read);
    if (page.length < PAGE_READS) continue;
    yield* whatRemains(page, recorded);
    page = [];
  }
  yield* whatRemains(page, recorded);
}

async function* whatRemains(page: readonly BaseRead[], recorded: RecordedReads): AsyncGenerator<readonly BaseRead[]> {
  const compared = page.filter(({ achado }) => achado === 'SEM_REGISTRO');
  const found = compared.length === 0 ? [] : await recorded.areRecorded(compared);
  const answered = new Set(compared.filter((_, index) => found[index]));
  const remaining = page.filter((read) => !answered.has(read));
  if (remaining.length > 0) yield remaining;
}

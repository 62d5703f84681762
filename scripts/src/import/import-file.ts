import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { openBatchQueue } from './batch-queue.ts';
import { csvReader } from './csv-reader.ts';
import { lineChecker } from './line-check.ts';
import { ndjsonReader } from './ndjson-reader.ts';
import { refusedFile } from './refused-file.ts';
import type { BatchOutcome } from './batch-loader.ts';
import type { ImportCode } from './codes.ts';
import type { FileRecord } from './file-record.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import type { CheckedRecord } from './line-check.ts';

const LINES_PER_BATCH = 10_000;
const BYTES_PER_READ = 64 * 1024;

/** `lidas` is always the sum of the other four. */
export interface Counts {
  lidas: number;
  inseridas: number;
  atualizadas: number;
  /** In the base already, just as the line says. */
  iguais: number;
  recusadas: number;
}

export interface ImportReport {
  readonly counts: Readonly<Counts>;
  /** How many lines were refused for each reason. */
  readonly refusedByCode: ReadonlyMap<ImportCode, number>;
  /** Where they are; undefined when there are none. */
  readonly refusedFile: string | undefined;
  /** Lines that the kind's notice is about. */
  readonly noticed: number;
}

export interface ImportOptions {
  readonly file: string;
  readonly kind: ImportKind;
  /** The owner of the base. */
  readonly connectionString: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Told after each transaction whose CPFs it was about. */
  readonly onPeople?: (cpfs: readonly string[]) => Promise<void>;
}

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly counts: Readonly<Counts>;
}

const isNdjson = (file: string): boolean => /\.(?:ndjson|jsonl)$/i.test(file);

/** The records of a file, as many at a time as one piece of it holds. */
async function* recordsOf(
  file: string,
  kind: ImportKind,
  onRead: (bytes: number) => void,
): AsyncGenerator<FileRecord[]> {
  const reader = isNdjson(file) ? ndjsonReader(kind.columns) : csvReader(kind.columns);
  const decoder = new StringDecoder('utf8');
  for await (const bytes of createReadStream(file, { highWaterMark: BYTES_PER_READ }) as AsyncIterable<Buffer>) {
    onRead(bytes.length);
    yield reader.push(decoder.write(bytes));
  }
  yield reader.push(decoder.end());
  yield reader.end();
}

/**
 * Loads a file into its base: every line is checked, the good ones are inserted or bring the row of the same key up to
 * date, the others go to `<file>.recusadas.csv`. Loading the same file again changes nothing, so after a crash it is
 * simply run again.
 *
 * @throws ImportError when the header is wrong or a base fails; what was loaded until then stays
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { file, kind, connectionString, onProgress, onPeople } = options;
  const { size: bytesTotal } = await stat(file);
  const counts: Counts = { lidas: 0, inseridas: 0, atualizadas: 0, iguais: 0, recusadas: 0 };
  const refusedByCode = new Map<ImportCode, number>();
  let noticed = 0;
  let bytesRead = 0;
  const check = lineChecker(kind);
  const refused = await refusedFile(file, kind.columns);
  const tell = async (batch: readonly CheckedRecord[], outcome: BatchOutcome): Promise<void> => {
    await refused.write(outcome.refused);
    for (const { code } of outcome.refused) refusedByCode.set(code, (refusedByCode.get(code) ?? 0) + 1);
    counts.lidas += batch.length;
    counts.inseridas += outcome.inseridas;
    counts.atualizadas += outcome.atualizadas;
    counts.recusadas += outcome.refused.length;
    counts.iguais += batch.length - outcome.inseridas - outcome.atualizadas - outcome.refused.length;
    noticed += outcome.noticed;
    await onPeople?.(outcome.people);
    onProgress?.({ bytesRead, bytesTotal, counts: { ...counts } });
  };
  const queue = await openBatchQueue(kind, connectionString, tell, onPeople !== undefined);

  try {
    let batch: CheckedRecord[] = [];
    for await (const records of recordsOf(file, kind, (bytes) => (bytesRead += bytes))) {
      for (const record of records) batch.push(check(record));
      if (batch.length < LINES_PER_BATCH) continue;
      await queue.add(batch);
      batch = [];
    }
    await queue.add(batch);
    await queue.finish();
  } finally {
    await queue.close();
    await refused.close();
  }
  const refusedAt = counts.recusadas > 0 ? refused.path : undefined;
  return { counts, refusedByCode, refusedFile: refusedAt, noticed };
}

import { stat } from 'node:fs/promises';
import type { BatchOutcome } from './batch-loader.ts';
import { openBatchQueue } from './batch-queue.ts';
import type { ImportCode } from './codes.ts';
import { correctedLines, inputOf, strictHeaderOf } from './corrected-lines.ts';
import { csvReader } from './csv-reader.ts';
import { bytesOf, compressionOf, isNdjson } from './file-bytes.ts';
import type { FileRecord } from './file-record.ts';
import { kindInSheetForms, detectSheet } from './detect-sheet.ts';
import type { FormatOptions } from './detect-sheet.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import { lineChecker } from './line-check.ts';
import type { CheckedRecord } from './line-check.ts';
import { ndjsonReader } from './ndjson-reader.ts';
import { refusedFile } from './refused-file.ts';
import { sheetReader } from './sheet-reader.ts';
import { decodeTexts, encodingOf } from './text-encoding.ts';

const LINES_PER_BATCH = 10_000;

/** Counts of lines. `read` is the sum of the other four. */
export interface Counts {
  read: number;
  inserted: number;
  updated: number;
  /** Lines that equal the row of the base. */
  unchanged: number;
  refused: number;
}

export interface ImportReport {
  readonly counts: Readonly<Counts>;
  /** The number of refused lines for each code. */
  readonly refusedByCode: ReadonlyMap<ImportCode, number>;
  /** The path of the file of refused lines; undefined if no line was refused. */
  readonly refusedFile: string | undefined;
  /** Lines that the kind's notice counts. */
  readonly noticed: number;
  /** How the file is written, as text for the operator; empty for the strict form in UTF-8. */
  readonly readAs: readonly string[];
  /** Lines of totals and repeated headers, which the import skips. */
  readonly footers: number;
}

export interface ImportOptions {
  readonly file: string;
  readonly kind: ImportKind;
  /** How the file is written; what is absent is detected. */
  readonly formatOptions?: Partial<FormatOptions> & { readonly encoding?: string | undefined };
  /** The owner of the base. */
  readonly connectionString: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Called after each transaction with the CPFs of its lines and of people whose rows they take over. */
  readonly onPeople?: (cpfs: readonly string[]) => Promise<void>;
}

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly counts: Readonly<Counts>;
}

/** How a file is written, and its records. */
interface InspectedFile {
  readonly encoding: string;
  readonly hasByteOrderMark: boolean;
  readonly header: { readonly line: number; readonly text: string } | undefined;
  readonly separator: string;
  /** Its columns read the forms of this file. */
  readonly kind: ImportKind;
  readonly readAs: readonly string[];
  /** Yields the records of each piece of the file. */
  records(onRead: (bytes: number) => void): AsyncGenerator<FileRecord[]>;
  footers(): number;
}

async function inspectFile({ file, kind, formatOptions = {} }: ImportOptions): Promise<InspectedFile> {
  const compression = await compressionOf(file);
  const decoding = await encodingOf(bytesOf(file, compression), formatOptions.encoding);
  const texts = await correctedLines((onRead) => decodeTexts(bytesOf(file, compression, onRead), decoding));
  const isLines = isNdjson(inputOf(file));
  const { format, zone } = formatOptions;
  const sheet = isLines ? undefined : await detectSheet(() => texts(), kind, { format, zone });
  const readerOfSheet = sheet && sheetReader(kind.columns, sheet.layout);
  const reader = readerOfSheet ?? (isLines ? ndjsonReader(kind.columns) : csvReader(kind.columns));
  const isPlain = decoding.encoding === 'utf8' && !sheet;
  const strictHeader = isLines || sheet ? undefined : await strictHeaderOf(texts());
  return {
    encoding: decoding.encoding,
    hasByteOrderMark: decoding.hasByteOrderMark,
    header: sheet
      ? { line: sheet.layout.linesBefore, text: sheet.layout.header }
      : strictHeader === undefined
        ? undefined
        : { line: 1, text: strictHeader },
    separator: sheet?.layout.separator ?? ',',
    kind: sheet ? kindInSheetForms(kind, sheet.writing) : kind,
    readAs: [
      ...(compression ? [compression] : []),
      ...(isPlain ? [] : [decoding.encoding, ...(sheet?.findings ?? [])]),
    ],
    async *records(onRead) {
      for await (const text of texts(onRead)) yield reader.push(text);
      yield reader.end();
    },
    footers: () => readerOfSheet?.footers() ?? 0,
  };
}

/**
 * Loads a file into its base. Valid lines insert a row or update the row of the same key; the others go to
 * `<file>.recusadas.csv`. Loading the same file again changes nothing: after a crash, run the import again.
 *
 * @throws ImportError when the file may be read in two ways, the header is wrong or the base fails; batches that were loaded
 *   before stay loaded
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { file, connectionString, onProgress, onPeople } = options;
  const { size: bytesTotal } = await stat(file);
  const counts: Counts = { read: 0, inserted: 0, updated: 0, unchanged: 0, refused: 0 };
  const refusedByCode = new Map<ImportCode, number>();
  let noticed = 0;
  let bytesRead = 0;
  const input = await inspectFile(options);
  const { kind } = input;
  const check = lineChecker(kind);
  const refused = await refusedFile(file, kind.columns, input);
  const report = async (batch: readonly CheckedRecord[], outcome: BatchOutcome): Promise<void> => {
    await refused.write(outcome.refused);
    for (const { code } of outcome.refused) refusedByCode.set(code, (refusedByCode.get(code) ?? 0) + 1);
    counts.read += batch.length;
    counts.inserted += outcome.inserted;
    counts.updated += outcome.updated;
    counts.refused += outcome.refused.length;
    counts.unchanged += batch.length - outcome.inserted - outcome.updated - outcome.refused.length;
    noticed += outcome.noticed;
    await onPeople?.(outcome.people);
    onProgress?.({ bytesRead, bytesTotal, counts: { ...counts } });
  };
  const queue = await openBatchQueue(kind, connectionString, report, onPeople !== undefined);

  try {
    let batch: CheckedRecord[] = [];
    for await (const records of input.records((bytes) => (bytesRead += bytes))) {
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
  const refusedAt = counts.refused > 0 ? refused.path : undefined;
  return {
    counts,
    refusedByCode,
    refusedFile: refusedAt,
    noticed,
    readAs: input.readAs,
    footers: input.footers(),
  };
}

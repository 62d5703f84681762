import { stat } from 'node:fs/promises';
import type { BatchOutcome } from './batch-loader.ts';
import { openBatchQueue } from './batch-queue.ts';
import type { ImportCode } from './codes.ts';
import { correctedLines, inputOf, strictHeaderOf } from './corrected-lines.ts';
import { csvReader } from './csv-reader.ts';
import { bytesOf, compressionOf, isNdjson } from './file-bytes.ts';
import type { FileRecord } from './file-record.ts';
import { kindAsWritten, sheetOf } from './file-writing.ts';
import type { Said } from './file-writing.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import { lineChecker } from './line-check.ts';
import type { CheckedRecord } from './line-check.ts';
import { ndjsonReader } from './ndjson-reader.ts';
import { refusedFile } from './refused-file.ts';
import { sheetReader } from './sheet-reader.ts';
import { decoded, encodingOf } from './text-encoding.ts';

const LINES_PER_BATCH = 10_000;

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
  /** What was found out of how the file is written, in words; empty for the strict form in UTF-8. */
  readonly readAs: readonly string[];
  /** Lines of totals, and of the header once more, that were passed over. */
  readonly footers: number;
}

export interface ImportOptions {
  readonly file: string;
  readonly kind: ImportKind;
  /** How the file is written, where the caller says so; the file decides where they do not. */
  readonly said?: Partial<Said> & { readonly encoding?: string | undefined };
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

/** A file, looked at before it is read. */
interface LookedAt {
  readonly encoding: string;
  readonly hasMark: boolean;
  readonly header: { readonly line: number; readonly text: string } | undefined;
  readonly separator: string;
  /** Its columns as the file writes them. */
  readonly kind: ImportKind;
  readonly readAs: readonly string[];
  /** The records, as many at a time as one piece of the file holds. */
  records(onRead: (bytes: number) => void): AsyncGenerator<FileRecord[]>;
  footers(): number;
}

async function lookAt({ file, kind, said = {} }: ImportOptions): Promise<LookedAt> {
  const compression = await compressionOf(file);
  const decoding = await encodingOf(bytesOf(file, compression), said.encoding);
  const texts = await correctedLines((onRead) => decoded(bytesOf(file, compression, onRead), decoding));
  const isLines = isNdjson(inputOf(file));
  const { format, fuso } = said;
  const sheet = isLines ? undefined : await sheetOf(() => texts(), kind, { format, fuso });
  const sheeted = sheet && sheetReader(kind.columns, sheet.layout);
  const reader = sheeted ?? (isLines ? ndjsonReader(kind.columns) : csvReader(kind.columns));
  const isPlain = decoding.encoding === 'utf8' && !sheet;
  const strictHeader = isLines || sheet ? undefined : await strictHeaderOf(texts());
  return {
    encoding: decoding.encoding,
    hasMark: decoding.hasMark,
    header: sheet
      ? { line: sheet.layout.linesBefore, text: sheet.layout.header }
      : strictHeader === undefined
        ? undefined
        : { line: 1, text: strictHeader },
    separator: sheet?.layout.separator ?? ',',
    kind: sheet ? kindAsWritten(kind, sheet.writing) : kind,
    readAs: [...(compression ? [compression] : []), ...(isPlain ? [] : [decoding.encoding, ...(sheet?.found ?? [])])],
    async *records(onRead) {
      for await (const text of texts(onRead)) yield reader.push(text);
      yield reader.end();
    },
    footers: () => sheeted?.footers() ?? 0,
  };
}

/**
 * Loads a file into its base: every line is checked, the good ones are inserted or bring the row of the same key up to
 * date, the others go to `<file>.recusadas.csv`. Loading the same file again changes nothing, so after a crash it is
 * simply run again.
 *
 * @throws ImportError when the file may be read in two ways, the header is wrong or a base fails; what was loaded until then
 *   stays
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { file, connectionString, onProgress, onPeople } = options;
  const { size: bytesTotal } = await stat(file);
  const counts: Counts = { lidas: 0, inseridas: 0, atualizadas: 0, iguais: 0, recusadas: 0 };
  const refusedByCode = new Map<ImportCode, number>();
  let noticed = 0;
  let bytesRead = 0;
  const looked = await lookAt(options);
  const { kind } = looked;
  const check = lineChecker(kind);
  const refused = await refusedFile(file, kind.columns, looked);
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
    for await (const records of looked.records((bytes) => (bytesRead += bytes))) {
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
  return {
    counts,
    refusedByCode,
    refusedFile: refusedAt,
    noticed,
    readAs: looked.readAs,
    footers: looked.footers(),
  };
}

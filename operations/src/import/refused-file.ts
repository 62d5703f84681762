import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { maskCardNumbers, maskDigits } from './card-number.ts';
import type { Column } from './columns.ts';
import type { RefusedRecord } from './line-check.ts';
import { encoded, markOf } from './text-encoding.ts';

const HEADER = ['linha', 'codigo', 'campo', 'original'];

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The record's text without any card number: a copy of one is what PCI DSS forbids, a mistyped one included. */
function withoutCardNumbers({ record, code, field }: RefusedRecord, columns: readonly Column[]): string {
  const masked = maskCardNumbers(record.original);
  const text = record.values?.[columns.findIndex(({ name }) => name === field)];
  return code === 'PAN_PROIBIDO' && text ? masked.replaceAll(text, maskDigits(text)) : masked;
}

/** How the input is written. */
interface RefusedWriting {
  readonly encoding: string;
  readonly hasMark: boolean;
  readonly separator: string;
  /** The line that names its columns; undefined for NDJSON. */
  readonly header: { readonly line: number; readonly text: string } | undefined;
}

/** Where the refused lines of a file go. */
export interface RefusedFile {
  readonly path: string;
  write(refused: readonly RefusedRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * The file `<input>.recusadas.csv`, readable by its owner only, since its lines are people's data. Made with the first
 * refused line; the one of an earlier run is removed at once. Its first row is the header of the input, so that it is
 * imported as it is once its lines are corrected. It has the encoding and the separator of the input, so that
 * what opens the one opens the other.
 */
export async function refusedFile(
  input: string,
  columns: readonly Column[],
  { encoding, hasMark, separator, header }: RefusedWriting,
): Promise<RefusedFile> {
  const path = `${input}.recusadas.csv`;
  await rm(path, { force: true });
  const mayHoldCard = columns.some((column) => column.mayHoldCard);
  const textOf = (line: RefusedRecord): string =>
    mayHoldCard ? withoutCardNumbers(line, columns) : line.record.original;
  let file: FileHandle | undefined;
  return {
    path,
    async write(refused) {
      if (refused.length === 0) return;
      if (!file) {
        // `wx` refuses what somebody put there meanwhile, a link among others.
        file = await open(path, 'wx', 0o600);
        const first = header ? `${[header.line, '', '', quoted(header.text)].join(separator)}\n` : '';
        const start = `${HEADER.join(separator)}\n${first}`;
        await file.write(Buffer.concat([markOf(encoding, hasMark), encoded(start, encoding)]));
      }
      const lines = refused.map((line) =>
        [line.record.line, line.code, line.field, `${quoted(textOf(line))}\n`].join(separator),
      );
      await file.write(encoded(lines.join(''), encoding));
    },
    async close() {
      await file?.close();
    },
  };
}

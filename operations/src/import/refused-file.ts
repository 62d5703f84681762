import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { maskCardNumbers, maskDigits } from './card-number.ts';
import type { Column } from './columns.ts';
import type { RefusedRecord } from './line-check.ts';
import { encodeText, byteOrderMarkOf } from './text-encoding.ts';

const HEADER = ['linha', 'codigo', 'campo', 'original'];

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Masks every card number in the record's text, mistyped ones too: PCI DSS forbids to keep a copy. */
function withoutCardNumbers({ record, code, field }: RefusedRecord, columns: readonly Column[]): string {
  const masked = maskCardNumbers(record.original);
  const text = record.values?.[columns.findIndex(({ name }) => name === field)];
  return code === 'PAN_PROIBIDO' && text ? masked.replaceAll(text, maskDigits(text)) : masked;
}

/** How the imported file is written. */
interface RefusedWriting {
  readonly encoding: string;
  readonly hasByteOrderMark: boolean;
  readonly separator: string;
  /** The line that names its columns; undefined for NDJSON. */
  readonly header: { readonly line: number; readonly text: string } | undefined;
}

/** The file of refused lines. */
export interface RefusedFile {
  readonly path: string;
  write(refused: readonly RefusedRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes `<input>.recusadas.csv`. Only its owner may read it, because its lines are people's data. The first refused line creates
 * the file; the file of an earlier run is removed at once. Its first row is the header of the input: once the lines are corrected,
 * the file can be imported. It has the encoding and the separator of the input, so that the same program opens both.
 */
export async function refusedFile(
  input: string,
  columns: readonly Column[],
  { encoding, hasByteOrderMark, separator, header }: RefusedWriting,
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
        // `wx` fails if another process has created the file or a link meanwhile.
        file = await open(path, 'wx', 0o600);
        const first = header ? `${[header.line, '', '', quote(header.text)].join(separator)}\n` : '';
        const start = `${HEADER.join(separator)}\n${first}`;
        await file.write(Buffer.concat([byteOrderMarkOf(encoding, hasByteOrderMark), encodeText(start, encoding)]));
      }
      const lines = refused.map((line) =>
        [line.record.line, line.code, line.field, `${quote(textOf(line))}\n`].join(separator),
      );
      await file.write(encodeText(lines.join(''), encoding));
    },
    async close() {
      await file?.close();
    },
  };
}

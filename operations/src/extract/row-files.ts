import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Row, type TableName, tables, type Value } from './tables.ts';

/** The forms of a file of rows. */
export const formats = ['ndjson', 'parquet'] as const;
export type Format = (typeof formats)[number];

/** Only who runs the command reads the files. */
const FILE_MODE = 0o600;

const jsonOf = (value: Value): string => (typeof value === 'bigint' ? value.toString() : JSON.stringify(value));

function ndjsonOf(table: TableName, rows: readonly Row[]): Buffer {
  const names = tables[table].map(({ name }) => JSON.stringify(name));
  const lines = rows.map((row) => `{${row.map((value, index) => `${names[index]}:${jsonOf(value)}`).join(',')}}\n`);
  return Buffer.from(lines.join(''));
}

function parquetOf(table: TableName, rows: readonly Row[]): Buffer {
  const columnData = tables[table].map(({ name, type }, index) => ({
    name,
    type,
    nullable: index > 0, // the first is the pseudonym
    data: rows.map((row) => row[index]!),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData, createdBy: 'pessoa' }));
}

const encode: Readonly<Record<Format, (table: TableName, rows: readonly Row[]) => Buffer>> = {
  ndjson: ndjsonOf,
  parquet: parquetOf,
};

/** Writes the rows in this form. @returns the SHA-256 of the file, in hex */
export async function writeRows(file: string, format: Format, table: TableName, rows: readonly Row[]): Promise<string> {
  const bytes = encode[format](table, rows);
  await writeWhole(file, bytes);
  return createHash('sha256').update(bytes).digest('hex');
}

/** Writes a file so that it is there whole or not at all, even after a loss of power. It replaces an older one. */
export async function writeWhole(file: string, bytes: Buffer | string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const handle: FileHandle = await open(unfinished, 'w', FILE_MODE);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}

/** @returns undefined without the file */
export const readIfExists = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

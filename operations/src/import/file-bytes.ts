import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ImportError } from './import-error.ts';

const BYTES_PER_READ = 64 * 1024;
const START_BYTES = 4_096;

type Compression = 'gzip' | 'zstd' | undefined;

const COMPRESSIONS: readonly (readonly [firstBytes: string, compression: Exclude<Compression, undefined>])[] = [
  ['\x1F\x8B', 'gzip'],
  ['\x28\xB5\x2F\xFD', 'zstd'],
];

/** Binary formats by their first bytes, with advice for the operator. */
const UNREADABLE_FORMATS: readonly (readonly [firstBytes: string, advice: string])[] = [
  ['BZh', 'is compressed with bzip2: run `bunzip2` on it first'],
  ['\xFD7zXZ\0', 'is compressed with xz: run `unxz` on it first'],
  ['7z\xBC\xAF\x27\x1C', 'is a 7-Zip archive: unpack it first'],
  ['Rar!', 'is a RAR archive: unpack it first'],
  ['\xD0\xCF\x11\xE0', 'is an old Excel workbook: save it as "CSV UTF-8" in Excel first'],
  ['%PDF', 'is a PDF: ask for the data as CSV'],
  ['PAR1', 'is a Parquet file: export it as CSV first'],
  ['{\\rtf', 'is rich text: save it as plain text first'],
  ['SQLite format 3\0', 'is a SQLite database: export its table as CSV first'],
  ['\x03', 'is a dBase table: open it in LibreOffice and save it as CSV first'],
  ['\x83', 'is a dBase table: open it in LibreOffice and save it as CSV first'],
];

/** The space, digits and letters of EBCDIC. */
const isEbcdicByte = (byte: number): boolean => byte === 0x40 || (byte >= 0x81 && (byte & 0x0f) <= 9 && byte !== 0xa1);

function isEbcdic(bytes: Buffer): boolean {
  const digits = bytes.filter((byte) => byte >= 0xf0 && byte <= 0xf9).length;
  return bytes.length > 0 && digits > bytes.length / 10 && bytes.filter(isEbcdicByte).length > bytes.length * 0.8;
}

/** Text formats other than CSV, with advice for the operator. */
const UNREADABLE_TEXTS: readonly (readonly [start: RegExp, advice: string])[] = [
  [
    /^<(?:[!?]|html|head|body|meta|style|table|div)/i,
    'is an HTML or XML page, whatever its name says: open it in Excel and save it as "CSV UTF-8" first',
  ],
  [/^\[\s*(?:\{|\]|$)/, 'is a list in JSON: write one object a line, as `jq -c ".[]"` does, to a file named .ndjson'],
];

const JSON_ADVICE = 'is JSON: it is read with one object a line, in a file named .ndjson';

/** True if the file's name says that each line is a JSON object. */
export const isNdjson = (file: string): boolean => /\.(?:ndjson|jsonl)(?:\.gz|\.zst)?$/i.test(file);

function adviceFor(start: string): string | undefined {
  if (start.startsWith('PK\x03\x04')) {
    const isWorkbook = start.includes('[Content_Types].xml') || start.includes('xl/');
    if (isWorkbook) return 'is an Excel workbook: save it as "CSV UTF-8" in Excel first';
    if (start.includes('opendocument')) return 'is a LibreOffice document: save it as CSV first';
    return 'is a ZIP archive: run `unzip` on it first';
  }
  if (start.slice(257, 262) === 'ustar') return 'is a tar archive: unpack it first';
  return UNREADABLE_FORMATS.find(([bytes]) => start.startsWith(bytes))?.[1];
}

/** @throws ImportError with advice, for a file that is not CSV or NDJSON */
function checkStart(file: string, bytes: Buffer): void {
  const start = bytes.subarray(0, START_BYTES);
  const advice = adviceFor(start.toString('latin1')) ?? textAdviceFor(start, file);
  if (advice !== undefined) throw new ImportError(`${file} ${advice}`);
}

function textAdviceFor(start: Buffer, file: string): string | undefined {
  if (isEbcdic(start)) return 'is in the EBCDIC of a mainframe: convert it first, as `iconv -f IBM037 -t UTF-8` does';
  const text = start.toString('utf8').replace(/^\uFEFF/, '').trimStart(); // prettier-ignore
  if (/^\{\s*(?:"|$)/.test(text) && !isNdjson(file)) return JSON_ADVICE;
  return UNREADABLE_TEXTS.find(([pattern]) => pattern.test(text))?.[1];
}

async function startOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** @returns undefined for a file that is not compressed @throws ImportError with advice, for a file that is not CSV or NDJSON */
export async function compressionOf(file: string): Promise<Compression> {
  const start = await startOf(file);
  const compression = COMPRESSIONS.find(([bytes]) => start.toString('latin1').startsWith(bytes))?.[1];
  if (!compression) checkStart(file, start);
  return compression;
}

/**
 * Reads the bytes of a file and decompresses them.
 * @param onRead called with the number of bytes read from the file, before decompression
 * @throws ImportError when a compressed file is damaged, or is not CSV or NDJSON
 */
export async function* bytesOf(
  file: string,
  compression: Compression,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const bytes of createReadStream(file, { highWaterMark: BYTES_PER_READ }) as AsyncIterable<Buffer>) {
      onRead(bytes.length);
      yield bytes;
    }
  }
  if (compression === undefined) return yield* counted();
  const unpack: Transform =
    compression === 'gzip'
      ? createGunzip({ chunkSize: BYTES_PER_READ })
      : createZstdDecompress({ chunkSize: BYTES_PER_READ });
  pipeline(Readable.from(counted()), unpack, () => {}); // the loop below throws its error
  let isFirst = true;
  try {
    for await (const bytes of unpack as AsyncIterable<Buffer>) {
      if (isFirst) checkStart(`what is compressed in ${file}`, bytes);
      isFirst = false;
      yield bytes;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof ImportError || !code?.startsWith('Z')) throw error;
    throw new ImportError(`${file} is damaged or incomplete: it cannot be decompressed to its end`, error);
  }
}

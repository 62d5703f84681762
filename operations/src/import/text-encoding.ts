import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { ImportError } from './import-error.ts';
import { textOfUtf8, utf8OfText } from './utf8-bytes.ts';

/** The characters above ASCII that Portuguese uses. A Portuguese text in Windows-1252 has no others. */
const PORTUGUESE = 'áàâãäéêèíîóôõòöúûüçñÁÀÂÃÄÉÊÈÍÎÓÔÕÒÖÚÛÜÇÑªº°§–—‘’“”•…\u00a0´·²³€';

/** The encoding of a file. */
export interface TextEncoding {
  /** The name that iconv-lite knows. */
  readonly encoding: string;
  /** True if the file begins with a byte order mark; false if the caller stated the encoding. */
  readonly hasByteOrderMark: boolean;
}

const MARKS: readonly (readonly [bytes: string, encoding: string])[] = [
  ['\xEF\xBB\xBF', 'utf8'],
  ['\xFF\xFE\0\0', 'utf32le'],
  ['\0\0\xFE\xFF', 'utf32be'],
  ['\xFF\xFE', 'utf16le'],
  ['\xFE\xFF', 'utf16be'],
];

const SAMPLE_BYTES = 4_096;

/** Detects UTF-16: Latin text has a zero in every other byte. */
function wideEncodingOf(start: Buffer): string | undefined {
  const pairs = Math.floor(Math.min(start.length, SAMPLE_BYTES) / 2);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (start[2 * pair] === 0) even++;
    if (start[2 * pair + 1] === 0) odd++;
  }
  if (pairs > 0 && odd > pairs * 0.7 && even < pairs * 0.05) return 'utf16le';
  return pairs > 0 && even > pairs * 0.7 && odd < pairs * 0.05 ? 'utf16be' : undefined;
}

/** The number of bytes at the end of a piece that begin a character of the next piece. */
function incompleteBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** Collects evidence of the encoding of a file, from all its bytes. */
class EncodingEvidence {
  #start: Buffer | undefined;
  #incomplete = Buffer.alloc(0);
  #isUtf8 = true;
  #hasUtf8Letters = false;
  readonly #high = new Uint32Array(256);

  add(bytes: Buffer): void {
    this.#start ??= bytes.subarray(0, SAMPLE_BYTES);
    const text = this.#incomplete.length > 0 ? Buffer.concat([this.#incomplete, bytes]) : bytes;
    const end = text.length - incompleteBytes(text);
    const complete = text.subarray(0, end);
    this.#incomplete = Buffer.from(text.subarray(end));
    if (isUtf8(complete)) {
      if (!this.#hasUtf8Letters && complete.some((byte) => byte >= 0x80)) this.#hasUtf8Letters = true;
    } else this.#addOther(complete);
  }

  #addOther(bytes: Buffer): void {
    this.#isUtf8 = false;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte < 0x80) continue;
      const next = bytes[at + 1] ?? 0;
      // Every accented letter of UTF-8 is such a pair (`Ã£`, `Ã©` in Windows-1252). No Portuguese word in Windows-1252 has one.
      if (byte === 0xc3 && next >= 0x80 && next < 0xc0) this.#hasUtf8Letters = true;
      this.#high[byte]! += 1;
    }
  }

  /** The encoding that the byte order mark names. */
  encodingOfMark(): string | undefined {
    const start = this.#start?.subarray(0, 4).toString('latin1') ?? '';
    return MARKS.find(([bytes]) => start.startsWith(bytes))?.[1];
  }

  /** @throws ImportError if several encodings are possible */
  detect(): string {
    const start = this.#start ?? Buffer.alloc(0);
    const mark = this.encodingOfMark();
    if (mark !== undefined) return mark;
    const wide = wideEncodingOf(start);
    if (wide !== undefined) return wide;
    if (this.#incomplete.length > 0) this.#addOther(this.#incomplete);
    // A file with UTF-8 letters is UTF-8. Its damaged lines are refused.
    if (this.#isUtf8 || this.#hasUtf8Letters) return 'utf8';
    const foreignLetters = this.#high.reduce((count, times, byte) => {
      const letter = iconv.decode(Buffer.from([byte]), 'windows-1252');
      return times > 0 && !PORTUGUESE.includes(letter) ? count + times : count;
    }, 0);
    if (foreignLetters === 0) return 'windows-1252';
    throw new ImportError(
      'the encoding of the file is not clear: it is not UTF-8, and as Windows-1252 it would have characters that no Portuguese text has; say which by --encoding (windows-1252, cp850, macroman, ...)',
    );
  }
}

/**
 * @param statedEncoding default: detected from all bytes of the file
 * @throws ImportError if several encodings are possible
 */
export async function encodingOf(
  bytes: AsyncIterable<Buffer>,
  statedEncoding: string | undefined,
): Promise<TextEncoding> {
  if (statedEncoding !== undefined) return { encoding: statedEncoding, hasByteOrderMark: false };
  const evidence = new EncodingEvidence();
  for await (const piece of bytes) evidence.add(piece);
  return { encoding: evidence.detect(), hasByteOrderMark: evidence.encodingOfMark() !== undefined };
}

export const isEncoding = (name: string): boolean => iconv.encodingExists(name);

const isUtf8Name = (encoding: string): boolean => /^utf-?8$/i.test(encoding);

function utf8Decoder() {
  let incomplete = Buffer.alloc(0);
  return {
    write(piece: Buffer): string {
      const bytes = incomplete.length > 0 ? Buffer.concat([incomplete, piece]) : piece;
      const end = bytes.length - incompleteBytes(bytes);
      incomplete = Buffer.from(bytes.subarray(end));
      return textOfUtf8(bytes.subarray(0, end));
    },
    end: (): string => textOfUtf8(incomplete),
  };
}

/** Decodes a file piece by piece. The byte order mark of UTF-8 stays; the readers drop it. */
export async function* decodeTexts(bytes: AsyncIterable<Buffer>, { encoding }: TextEncoding): AsyncGenerator<string> {
  const decoder = isUtf8Name(encoding) ? utf8Decoder() : iconv.getDecoder(encoding);
  for await (const piece of bytes) yield decoder.write(piece);
  yield decoder.end() ?? '';
}

export const encodeText = (text: string, encoding: string): Buffer =>
  isUtf8Name(encoding) ? utf8OfText(text) : iconv.encode(text, encoding);

/** The byte order mark of a new file; UTF-16 always has one. */
export const byteOrderMarkOf = (encoding: string, hasByteOrderMark: boolean): Buffer =>
  hasByteOrderMark || /^utf-?16/i.test(encoding) ? iconv.encode('\uFEFF', encoding) : Buffer.alloc(0);

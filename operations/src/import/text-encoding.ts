import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { ImportError } from './import-error.ts';
import { textOfUtf8, utf8OfText } from './utf8-bytes.ts';

/** Characters that Portuguese is written with, above ASCII; a Windows-1252 text of it has no others. */
const PORTUGUESE = 'áàâãäéêèíîóôõòöúûüçñÁÀÂÃÄÉÊÈÍÎÓÔÕÒÖÚÛÜÇÑªº°§–—‘’“”•…\u00a0´·²³€';

/** Decodes a file piece by piece. */
export interface TextDecoding {
  /** As iconv-lite spells it. */
  readonly encoding: string;
  /** True when nobody said so: the bytes did. */
  readonly isFound: boolean;
  /** Whether it begins with a byte order mark. */
  readonly hasMark: boolean;
}

const MARKS: readonly (readonly [bytes: string, encoding: string])[] = [
  ['\xEF\xBB\xBF', 'utf8'],
  ['\xFF\xFE\0\0', 'utf32le'],
  ['\0\0\xFE\xFF', 'utf32be'],
  ['\xFF\xFE', 'utf16le'],
  ['\xFE\xFF', 'utf16be'],
];

const SAMPLE_BYTES = 4_096;

/** A text of digits, separators and Latin letters has a zero in every other byte. */
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

/** Bytes at the end of a piece that begin a character whose rest is in the next piece. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** What the bytes of a file say of its encoding; every byte of it is looked at. */
class EncodingEvidence {
  #start: Buffer | undefined;
  #open = Buffer.alloc(0);
  #isUtf8 = true;
  #hasUtf8Letters = false;
  readonly #high = new Uint32Array(256);

  add(bytes: Buffer): void {
    this.#start ??= bytes.subarray(0, SAMPLE_BYTES);
    const text = this.#open.length > 0 ? Buffer.concat([this.#open, bytes]) : bytes;
    const end = text.length - openBytes(text);
    const whole = text.subarray(0, end);
    this.#open = Buffer.from(text.subarray(end));
    if (isUtf8(whole)) {
      if (!this.#hasUtf8Letters && whole.some((byte) => byte >= 0x80)) this.#hasUtf8Letters = true;
    } else this.#addOther(whole);
  }

  #addOther(bytes: Buffer): void {
    this.#isUtf8 = false;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte < 0x80) continue;
      const next = bytes[at + 1] ?? 0;
      // `Ã£`, `Ã©`: no word of Windows-1252 has them, every accented letter of UTF-8 is one.
      if (byte === 0xc3 && next >= 0x80 && next < 0xc0) this.#hasUtf8Letters = true;
      this.#high[byte]! += 1;
    }
  }

  /** The encoding that the byte order mark says. */
  marked(): string | undefined {
    const start = this.#start?.subarray(0, 4).toString('latin1') ?? '';
    return MARKS.find(([bytes]) => start.startsWith(bytes))?.[1];
  }

  /** @throws ImportError where it may be one of several */
  found(): string {
    const start = this.#start ?? Buffer.alloc(0);
    const mark = this.marked();
    if (mark !== undefined) return mark;
    const wide = wideEncodingOf(start);
    if (wide !== undefined) return wide;
    if (this.#open.length > 0) this.#addOther(this.#open);
    // With letters of UTF-8 in it, it is UTF-8 with damaged lines, and those are refused.
    if (this.#isUtf8 || this.#hasUtf8Letters) return 'utf8';
    const others = this.#high.reduce((count, times, byte) => {
      const letter = iconv.decode(Buffer.from([byte]), 'windows-1252');
      return times > 0 && !PORTUGUESE.includes(letter) ? count + times : count;
    }, 0);
    if (others === 0) return 'windows-1252';
    throw new ImportError(
      'the encoding of the file is not clear: it is not UTF-8, and as Windows-1252 it would have characters that no Portuguese text has; say which by --encoding (windows-1252, cp850, macroman, ...)',
    );
  }
}

/**
 * @param given what the caller says; undefined: the bytes decide, all of them
 * @throws ImportError for an encoding that nobody knows, and for a file that may be of several
 */
export async function encodingOf(bytes: AsyncIterable<Buffer>, given: string | undefined): Promise<TextDecoding> {
  if (given !== undefined) return { encoding: given, isFound: false, hasMark: false };
  const evidence = new EncodingEvidence();
  for await (const piece of bytes) evidence.add(piece);
  return { encoding: evidence.found(), isFound: true, hasMark: evidence.marked() !== undefined };
}

export const isEncoding = (name: string): boolean => iconv.encodingExists(name);

const isUtf8Name = (encoding: string): boolean => /^utf-?8$/i.test(encoding);

function utf8Decoder() {
  let open = Buffer.alloc(0);
  return {
    write(piece: Buffer): string {
      const bytes = open.length > 0 ? Buffer.concat([open, piece]) : piece;
      const end = bytes.length - openBytes(bytes);
      open = Buffer.from(bytes.subarray(end));
      return textOfUtf8(bytes.subarray(0, end));
    },
    end: (): string => textOfUtf8(open),
  };
}

/** The texts of a file; a byte order mark stays where it is UTF-8's, for the readers to drop. */
export async function* decoded(bytes: AsyncIterable<Buffer>, { encoding }: TextDecoding): AsyncGenerator<string> {
  const decoder = isUtf8Name(encoding) ? utf8Decoder() : iconv.getDecoder(encoding);
  for await (const piece of bytes) yield decoder.write(piece);
  yield decoder.end() ?? '';
}

/** A text in the file's own encoding, so that what opens the one opens the other. */
export const encoded = (text: string, encoding: string): Buffer =>
  isUtf8Name(encoding) ? utf8OfText(text) : iconv.encode(text, encoding);
export const markOf = (encoding: string, hasMark: boolean): Buffer =>
  hasMark || /^utf-?16/i.test(encoding) ? iconv.encode('\uFEFF', encoding) : Buffer.alloc(0);

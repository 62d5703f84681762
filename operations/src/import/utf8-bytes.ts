import { isUtf8 } from 'node:buffer';

const ESCAPED = /[\udc80-\udcff]/gu; // with `u`, lone ones alone

const lengthOf = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/**
 * A text of UTF-8 in which each byte that is of no character becomes a lone surrogate, U+DC80 to U+DCFF: nobody takes it for
 * a text, and it is written again as it was.
 */
export function textOfUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] as number;
    const length = lengthOf(byte);
    if (byte < 0x80 || (length > 1 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)))) {
      at += length;
      continue;
    }
    text += bytes.toString('utf8', from, at) + String.fromCharCode(0xdc00 + byte);
    from = ++at;
  }
  return text + bytes.toString('utf8', from);
}

/** The bytes that `textOfUtf8` has read. */
export function utf8OfText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { index } of text.matchAll(ESCAPED)) {
    parts.push(Buffer.from(text.slice(from, index)), Buffer.from([text.charCodeAt(index) - 0xdc00]));
    from = index + 1;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(from))]);
}

import { isUtf8 } from 'node:buffer';

const ESCAPED = /[\udc80-\udcff]/gu; // the flag `u` matches lone surrogates only

const lengthOf = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/**
 * Decodes UTF-8. Each byte that is no part of a character becomes a lone surrogate, U+DC80 to U+DCFF, from which `utf8OfText`
 * restores the byte.
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

/** Encodes a text to the bytes that `textOfUtf8` read. */
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

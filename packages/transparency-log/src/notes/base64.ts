/**
 * Decodes base64 of RFC 4648, section 4, in its only spelling: with padding, and with unused bits 0. Otherwise two spellings of
 * one signature would be two notes.
 *
 * @returns undefined for anything else
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

import { decodeBase64 } from '@pessoa/transparency-log/notes/base64';
import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { VerificationError } from './verification-error.ts';

/**
 * Parses JSON that repeats no name: a reader may see the one member while the other was proved.
 *
 * @param what the text in messages, such as "The file is not an answer"
 * @throws VerificationError
 */
export function parseJson(text: string, what: string): unknown {
  let members = -1; // the whole value is none
  let value: unknown;
  try {
    value = JSON.parse(text, function (this: unknown, _name, member: unknown) {
      if (!Array.isArray(this)) members += 1;
      return member;
    });
  } catch {
    throw new VerificationError(`${what}: it is not JSON.`);
  }
  if (writtenMembers(text) !== members) throw new VerificationError(`${what}: an object repeats a name.`);
  return value;
}

/** Counts the members in JSON. Outside of texts, each member has one colon, and nothing else has any. */
function writtenMembers(json: string): number {
  let colons = 0;
  let isInText = false;
  for (let place = 0; place < json.length; place += 1) {
    const character = json[place];
    if (isInText && character === '\\') place += 1;
    else if (character === '"') isInText = !isInText;
    else if (character === ':' && !isInText) colons += 1;
  }
  return colons;
}

/** The members of an object; none of anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export const isRecord = (value: unknown): value is FlatRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns undefined for anything but bytes in base64 */
export const decode = (value: unknown): Uint8Array | undefined =>
  typeof value === 'string' ? decodeBase64(value) : undefined;

/** @returns undefined for anything but a list of bytes in base64 */
export function decodeList(value: unknown): Uint8Array[] | undefined {
  const list = Array.isArray(value) ? value.map(decode) : [undefined];
  return list.every((bytes) => bytes !== undefined) ? list : undefined;
}

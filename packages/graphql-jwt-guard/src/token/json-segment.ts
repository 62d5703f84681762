import { InvalidTokenError } from './invalid-token-error.ts';

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Counts the members of all objects in a value. It does not recurse, because the caller chooses the depth of the value.
 */
function countMembers(root: unknown): number {
  const pending = [root].filter(isContainer);
  let members = 0;
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const children = Object.values(value);
    if (!Array.isArray(value)) members += children.length;
    for (const child of children) if (isContainer(child)) pending.push(child);
  }
  return members;
}

/** Counts the members in JSON source. Outside of strings, each member has one colon, and nothing else has any. */
function countWrittenMembers(json: string): number {
  let colons = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (isInString && character === '\\') index++;
    else if (character === '"') isInString = !isInString;
    else if (character === ':' && !isInString) colons++;
  }
  return colons;
}

/**
 * Reads the JSON object in a segment of a token. It refuses an object that repeats a name: parsers differ in which of
 * the two members they take, so another service could read another value from the same token.
 *
 * @param segment canonical base64url
 * @throws InvalidTokenError unless the segment is an object in UTF-8 that repeats no name
 */
export function readJsonSegment(segment: string): Record<string, unknown> {
  let json;
  let value: unknown;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(segment, 'base64url'));
    value = JSON.parse(json);
  } catch {
    throw new InvalidTokenError('this is not a signed JWT');
  }
  if (!isContainer(value) || Array.isArray(value)) throw new InvalidTokenError('this is not a signed JWT');
  if (countWrittenMembers(json) !== countMembers(value)) throw new InvalidTokenError('an object repeats a name');
  return value as Record<string, unknown>;
}

/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** Whether a claim is a NumericDate (RFC 7519) in whole seconds. */
export const isNumericDate = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LAST_SECOND;

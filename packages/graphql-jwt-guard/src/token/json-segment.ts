import { InvalidTokenError } from './invalid-token-error.ts';

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** How many members all objects of a value have, without recursion: a caller chooses how deep it is. */
function countMembers(root: unknown): number {
  const left = [root].filter(isContainer);
  let members = 0;
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const inner = Object.values(value);
    if (!Array.isArray(value)) members += inner.length;
    for (const one of inner) if (isContainer(one)) left.push(one);
  }
  return members;
}

/** How many members are written: outside of texts there is a colon for each of them, and for nothing else. */
function countWritten(json: string): number {
  let colons = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (isInText && character === '\\') at++;
    else if (character === '"') isInText = !isInText;
    else if (character === ':' && !isInText) colons++;
  }
  return colons;
}

/**
 * The JSON object that a segment of a token holds. Parsers differ in which of two members of one name they take, so that
 * whoever looked at the token before us may have read another one: there are none.
 *
 * @param segment canonical base64url
 * @throws InvalidTokenError unless it is an object, in UTF-8, without a name given twice
 */
export function readJsonSegment(segment: string): Record<string, unknown> {
  let text;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(segment, 'base64url'));
    value = JSON.parse(text);
  } catch {
    throw new InvalidTokenError('this is not a signed JWT');
  }
  if (!isContainer(value) || Array.isArray(value)) throw new InvalidTokenError('this is not a signed JWT');
  if (countWritten(text) !== countMembers(value)) throw new InvalidTokenError('a name is given twice');
  return value as Record<string, unknown>;
}

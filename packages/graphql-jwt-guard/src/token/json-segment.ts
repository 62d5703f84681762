import { InvalidTokenError } from './invalid-token-error.ts';

const STRING = /"(?:[^"\\]|\\.)*"/g;

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
  // Outside of texts there is a colon for each member that is written, and for nothing else.
  const written = text.replace(STRING, '').split(':').length - 1;
  if (written !== countMembers(value)) throw new InvalidTokenError('a name is given twice');
  return value as Record<string, unknown>;
}

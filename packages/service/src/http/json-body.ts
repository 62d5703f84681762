import { PublicError } from '@pessoa/domain/errors';
import type { FastifyInstance } from 'fastify';
import { checkInternalBody } from './internal-caller.ts';

// Takes a byte order mark away (RFC 8259 section 8.1 lets a reader do so), and throws at bytes that are no UTF-8.
const utf8 = new TextDecoder('utf-8', { fatal: true });

const refused = (detail: string, cause?: unknown): PublicError => new PublicError('BAD_USER_INPUT', { detail, cause });

/** Bodies are JSON in UTF-8, read by the JavaScript engine; no other is read at all. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      checkInternalBody(request, body);
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** @throws PublicError BAD_USER_INPUT */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  // Only an escape can bring in what is no text: bytes that decode are well formed, and JSON has no control character.
  if (text.includes(String.raw`\u`) && !isAllText(value)) {
    throw refused('The body has a text with a NUL character or half a surrogate pair.');
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw refused('The body is not UTF-8.', cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused('The body is not JSON.', cause);
  }
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Not by recursion: a body may be nested as deep as it is long. */
function isAllText(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === 'string' && !isText(one)) return false;
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, member] of Object.entries(one)) {
      if (!isText(key)) return false;
      open.push(member);
    }
  }
  return true;
}

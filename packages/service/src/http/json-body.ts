import { PublicError } from '@pessoa/domain/errors';
import type { FastifyInstance } from 'fastify';
import { checkInternalBody } from './internal-caller.ts';

// Removes a byte order mark, as RFC 8259 section 8.1 allows, and throws for bytes that are not UTF-8.
const utf8 = new TextDecoder('utf-8', { fatal: true });

const badBody = (detail: string, cause?: unknown): PublicError => new PublicError('BAD_USER_INPUT', { detail, cause });

/** Makes the server read JSON bodies in UTF-8 and no other bodies. */
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
  // Decoded text is well formed and JSON allows no control characters, so only an escape can produce malformed text.
  if (text.includes(String.raw`\u`) && !isAllText(value)) {
    throw badBody('The body has a string with a NUL character or a lone surrogate.');
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw badBody('The body is not UTF-8.', cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badBody('The body is not JSON.', cause);
  }
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Whether all strings and keys are text. It does not recurse, because a body may be nested as deep as it is long. */
function isAllText(value: unknown): boolean {
  const stack = [value];
  while (stack.length > 0) {
    const element = stack.pop();
    if (typeof element === 'string' && !isText(element)) return false;
    if (typeof element !== 'object' || element === null) continue;
    for (const [key, member] of Object.entries(element)) {
      if (!isText(key)) return false;
      stack.push(member);
    }
  }
  return true;
}

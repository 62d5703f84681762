import { createHash } from 'node:crypto';

interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

/**
 * A statement that a connection plans once: a plan is of every month of the audit. No pooler is between, because the auditor refuses one.
 *
 * @param text one of few
 */
export function named(text: string, values: unknown[] = []): NamedStatement {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    names.set(text, name);
  }
  return { name, text, values };
}

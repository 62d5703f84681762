import type { ClientCall } from './client-calls.ts';

/** Inserts the test's calls below the message of its error. */
export function explain(error: unknown, calls: readonly ClientCall[]): void {
  if (!isError(error) || error.stack === undefined || calls.length === 0) return;
  const words = `\n\n${calls.map(describeCall).join('\n\n')}\n`;
  // Reporters print the stack. Its lines before the first `at` are the message.
  const at = error.stack.search(/\n\s+at /);
  error.stack = at < 0 ? error.stack + words : error.stack.slice(0, at) + words + error.stack.slice(at);
}

/** Not `instanceof`: errors of a test belong to another realm. */
const isError = (error: unknown): error is Error => typeof error === 'object' && error !== null && 'stack' in error;

const BODY_CHARACTERS_MAX = 4_000;

const describeCall = ({ request, variables, status, interactionId, body }: ClientCall): string =>
  [
    `request: ${request}`,
    `variables: ${JSON.stringify(variables ?? {})}`,
    `answer: ${status}, x-fapi-interaction-id ${interactionId}`,
    body.length > BODY_CHARACTERS_MAX ? `${body.slice(0, BODY_CHARACTERS_MAX)}…` : body,
  ].join('\n');

import type { AskedCall } from './asked-calls.ts';

/** Writes the calls of a test under the message of the error that it failed with. */
export function explain(error: unknown, calls: readonly AskedCall[]): void {
  if (!isError(error) || error.stack === undefined || calls.length === 0) return;
  const words = `\n\n${calls.map(textOf).join('\n\n')}\n`;
  // Reporters print the stack; its first lines, up to the first place, are the message.
  const at = error.stack.search(/\n\s+at /);
  error.stack = at < 0 ? error.stack + words : error.stack.slice(0, at) + words + error.stack.slice(at);
}

/** Not `instanceof`: errors of a test are of another realm. */
const isError = (error: unknown): error is Error => typeof error === 'object' && error !== null && 'stack' in error;

const BODY_CHARACTERS_MAX = 4_000;

const textOf = ({ asked, variables, status, interactionId, body }: AskedCall): string =>
  [
    `asked: ${asked}`,
    `variables: ${JSON.stringify(variables ?? {})}`,
    `answered: ${status}, x-fapi-interaction-id ${interactionId}`,
    body.length > BODY_CHARACTERS_MAX ? `${body.slice(0, BODY_CHARACTERS_MAX)}…` : body,
  ].join('\n');

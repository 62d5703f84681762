import { PublicError } from '@pessoa/domain/errors';
import { ConfigError } from '@pessoa/service/config/environment';
import { maskSecrets } from '@pessoa/service/logging/logger';

/** A command cannot run as it was asked. Its message is printed, and names neither a person nor a secret. */
export class CommandError extends Error {}

/** For `catch`: says what could not be done, and why. @throws CommandError */
export const failingAs =
  (sentence: string) =>
  (cause: unknown): never => {
    throw new CommandError(`${sentence}: ${maskSecrets((cause as Error).message || String((cause as { code?: string }).code))}`, { cause }); // prettier-ignore
  };

/** What a command prints for an error. The message of an error that is not ours, or that quotes an argument, may have secrets. */
export function messageOf(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof PublicError) return `${error.code}: ${message}`;
  return error instanceof CommandError || error instanceof ConfigError ? message : maskSecrets(message);
}

import type { Writable } from 'node:stream';
import { CommandError } from '../commands/command-error.ts';

/** The reader of the output went away, such as `head` with enough lines. */
export class ReaderGoneError extends CommandError {}

export interface Output {
  /** Resolves once the text is taken, so that no more is read than leaves. @throws ReaderGoneError */
  write(text: string): Promise<void>;
}

export function outputTo(stream: Writable): Output {
  stream.on('error', () => {}); // `write` rejects with it
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) =>
          error ? reject(new ReaderGoneError('nobody reads the output any more', { cause: error })) : resolve(),
        );
      }),
  };
}

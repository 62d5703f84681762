import type { Writable } from 'node:stream';

export interface Output {
  /** Resolves once the text is taken, so that no more is read than leaves. @throws when nobody reads it any more */
  write(text: string): Promise<void>;
}

export function outputTo(stream: Writable): Output {
  stream.on('error', () => {}); // `write` rejects with it
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Whether the reader of the output went away, such as `head` with enough lines. */
export const isReaderGone = (error: unknown): boolean => (error as NodeJS.ErrnoException | null)?.code === 'EPIPE';

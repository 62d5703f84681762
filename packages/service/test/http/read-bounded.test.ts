import { BodyTooLargeError, readBounded } from '../../src/http/read-bounded.ts';

describe('A bounded body', () => {
  it('is read whole when it has as many bytes as it may', async () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('abc');
      yield Buffer.from('de');
    }
    expect((await readBounded(body(), 5)).toString()).toBe('abcde');
  });

  it('that is longer is refused, and not read further', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(3);
      } finally {
        isClosed = true;
      }
    }
    await expect(readBounded(endless(), 5)).rejects.toThrow(BodyTooLargeError);
    expect(isClosed).toBe(true);
  });
});

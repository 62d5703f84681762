import { Readable } from 'node:stream';
import { BodyTooLongError, readBounded } from '../../src/http/read-bounded.ts';

const bodyOf = (...chunks: string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

describe('A body with a bound', () => {
  it('is read whole up to the last byte that is allowed', async () => {
    expect((await readBounded(bodyOf('não', 'é', 'longo'), 11)).toString()).toBe('nãoélongo');
    expect(await readBounded(bodyOf(), 0)).toHaveLength(0);
  });

  it('is refused with one byte more, counted over its chunks', async () => {
    await expect(readBounded(bodyOf('não', 'é', 'longo'), 10)).rejects.toThrow(new BodyTooLongError(10));
  });

  it('is neither read further nor kept open when it has no end', async () => {
    let chunks = 0;
    const endless = new Readable({
      read() {
        chunks += 1;
        this.push(Buffer.alloc(1_000));
      },
      highWaterMark: 1,
    });
    await expect(readBounded(endless, 10_000)).rejects.toThrow(BodyTooLongError);
    expect(endless.destroyed).toBe(true);
    expect(chunks).toBeLessThan(20);
  });

  it('that breaks off is that error', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('a');
        throw new Error('cut');
      })(),
    );
    await expect(readBounded(broken, 10)).rejects.toThrow('cut');
  });
});

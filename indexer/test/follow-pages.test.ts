import { writePages } from '../src/follow-pages.ts';

describe('Writing pages', () => {
  it('ends only after its active writes have ended, also after an error', async () => {
    const page = { changes: [], position: '1', upToDateAt: undefined };
    const failing = async function* () {
      yield page;
      yield page;
      throw new Error('Base C is gone');
    };
    const writes: PromiseWithResolvers<void>[] = [];
    const write = (): Promise<void> => {
      const writing = Promise.withResolvers<void>();
      writes.push(writing);
      return writing.promise;
    };
    let isOver = false;
    const written = writePages(failing(), { write }, false).next();
    const over = written.finally(() => (isOver = true));
    over.catch(() => {}); // expected below
    await new Promise(setImmediate);
    expect(writes).toHaveLength(2);
    writes[0]!.reject(new Error('refused'));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    writes[1]!.resolve();
    await expect(over).rejects.toThrow('Base C is gone');
  });
});

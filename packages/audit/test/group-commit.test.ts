import { groupCommit, type GroupCommitOptions } from '../src/group-commit.ts';

/** A store whose writes end when the test says so. */
function heldStore(options: Partial<GroupCommitOptions<string>> = {}) {
  const writes: { items: readonly string[]; end: (error?: unknown) => void }[] = [];
  const write = groupCommit<string>({
    write: (items) =>
      new Promise((resolve, reject) => {
        writes.push({ items, end: (error) => (error === undefined ? resolve() : reject(error as Error)) });
      }),
    isFaultOfItem: (error) => error === FAULT,
    writesMax: 2,
    itemsMax: 5,
    waitMillis: 60_000,
    ...options,
  });
  const begun = async (count: number): Promise<void> => {
    while (writes.length < count) await new Promise(setImmediate);
    await new Promise(setImmediate); // a write too many would begin now
    expect(writes).toHaveLength(count);
  };
  return { write, writes, begun, items: () => writes.map((held) => held.items.join('')) };
}

const FAULT = new Error('a value that no row may have');
const outcome = (writing: Promise<void>): Promise<string> => writing.then(() => 'written', (error: Error) => error.message); // prettier-ignore

describe('Writes in groups', () => {
  it('write at once what one turn of the event loop brings', async () => {
    const { write, writes, begun, items } = heldStore();
    const callers = [write(['a']), write(['b', 'c'])];
    await begun(1);
    expect(items()).toEqual(['abc']);
    let isResolved = false;
    void Promise.all(callers).then(() => (isResolved = true));
    await new Promise(setImmediate);
    expect(isResolved).toBe(false); // not before the commit
    writes[0]!.end();
    expect(await Promise.all(callers.map(outcome))).toEqual(['written', 'written']);
  });

  it('gather while the most writes run, and keep the order and the size of a write', async () => {
    const { write, writes, begun, items } = heldStore();
    const first = write(['a']);
    await begun(1);
    const second = write(['b']);
    await begun(2);
    const others = ['c', 'd', 'e', 'f', 'g', 'h'].map((item) => write([item]));
    const large = write([...'1234567']);
    await begun(2);
    writes[1]!.end();
    await begun(3);
    writes[0]!.end();
    await begun(4);
    writes[2]!.end();
    writes[3]!.end();
    await begun(5);
    writes[4]!.end();
    await Promise.all([first, second, ...others, large]);
    expect(items()).toEqual(['a', 'b', 'cdefg', 'h', '1234567']);
  });

  it('fail for all when the store fails', async () => {
    const { write, writes, begun } = heldStore();
    const outcomes = Promise.all([write(['a']), write(['b'])].map(outcome));
    await begun(1);
    writes[0]!.end(new Error('no store'));
    expect(await outcomes).toEqual(['no store', 'no store']);
    expect(writes).toHaveLength(1);
  });

  it('fail for nobody else when an item is at fault', async () => {
    const { write, writes, begun, items } = heldStore();
    const outcomes = Promise.all([write(['a']), write(['x', 'y']), write(['c'])].map(outcome));
    await begun(1);
    writes[0]!.end(FAULT);
    await begun(2);
    writes[1]!.end();
    await begun(3);
    writes[2]!.end(FAULT);
    await begun(4);
    writes[3]!.end();
    expect(await outcomes).toEqual(['written', FAULT.message, 'written']);
    expect(items()).toEqual(['axyc', 'a', 'xy', 'c']);
  });

  it('refuse what could not begin in time, and never write it', async () => {
    const { write, writes, begun, items } = heldStore({ waitMillis: 50, writesMax: 1 });
    const first = write(['a']);
    await begun(1);
    expect(await outcome(write(['late']))).toBe('the write did not begin in time');
    writes[0]!.end();
    await first;
    const last = write(['b']);
    await begun(2);
    writes[1]!.end();
    await last;
    expect(items()).toEqual(['a', 'b']);
  });
});

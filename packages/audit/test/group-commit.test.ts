import { setTimeout } from 'node:timers/promises';
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
    slowMillis: 60_000,
    paceMillis: 0,
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

  it('gather while a write runs, and keep the order and the size of a write', async () => {
    const { write, writes, begun, items } = heldStore();
    const first = write(['a']);
    await begun(1);
    const others = ['b', 'c', 'd', 'e', 'f', 'g'].map((item) => write([item]));
    const large = write([...'1234567']);
    await begun(1);
    for (const index of [0, 1, 2]) {
      writes[index]!.end();
      await begun(index + 2);
    }
    writes[3]!.end();
    await Promise.all([first, ...others, large]);
    expect(items()).toEqual(['a', 'bcdef', 'g', '1234567']);
  });

  it('begin beside one that is slow, as many as may run', async () => {
    const { write, writes, begun, items } = heldStore({ slowMillis: 20 });
    const first = write(['a']);
    await begun(1);
    const second = [write(['b']), write(['c'])];
    while (writes.length < 2) await setTimeout(5);
    const third = write(['d']);
    await setTimeout(60);
    await begun(2); // the most
    writes[1]!.end();
    await begun(3); // at once: a write has just ended
    writes[2]!.end();
    writes[0]!.end();
    await Promise.all([first, ...second, third]);
    expect(items()).toEqual(['a', 'bc', 'd']);
  });

  it('begin after a pause when the last one had several callers, and at once when it had one', async () => {
    const { write, writes, begun, items } = heldStore({ paceMillis: 40 });
    const startedAt = performance.now();
    const busy = [write(['a']), write(['b'])];
    await begun(1);
    writes[0]!.end();
    await Promise.all(busy);
    const next = write(['c']);
    await begun(1);
    const later = write(['d', 'e']);
    while (writes.length < 2) await setTimeout(5);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39);
    writes[1]!.end();
    await Promise.all([next, later]);
    const large = write([...'123456']); // alone in its write
    while (writes.length < 3) await setTimeout(5);
    writes[2]!.end();
    await large;
    const alone = write(['f']);
    await begun(4);
    writes[3]!.end();
    await alone;
    expect(items()).toEqual(['ab', 'cde', '123456', 'f']);
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

  it('end in time also when they are written alone, one after the other', async () => {
    const { write, writes, begun, items } = heldStore({ waitMillis: 50 });
    const outcomes = Promise.all([write(['x']), write(['a']), write(['b'])].map(outcome));
    await begun(1);
    writes[0]!.end(FAULT);
    await begun(2);
    writes[1]!.end(FAULT);
    await begun(3);
    await setTimeout(60);
    writes[2]!.end();
    expect(await outcomes).toEqual([FAULT.message, 'written', 'the write did not begin in time']);
    expect(items()).toEqual(['xab', 'x', 'a']);
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

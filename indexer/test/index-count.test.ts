import { RebuildNeeded } from '../src/change-source.ts';
import { indexCount } from '../src/index-count.ts';
import type { Totals } from '../src/index-totals.ts';

const EVERY = 60_000;

/** Both sides, a clock, and the follower between them. */
function underTest({ byVersion = true } = {}) {
  let millis = 0;
  const base = new Map<string, number>();
  const index = new Map<string, number>();
  const counts = { index: 0, baseC: 0 };
  let failure: Error | undefined;
  let costMillis = 0;
  const calls = { counted: 0, failures: [] as unknown[] };
  /** Runs once, when the index was counted and before Base C is. */
  let between = (): void => {};
  const totals = (rows: ReadonlyMap<string, number>, maxVersion: number | undefined): Totals => {
    const versions = [...rows.values()].filter((version) => maxVersion === undefined || version <= maxVersion);
    return {
      postings: versions.length,
      versionSum: maxVersion === undefined ? undefined : versions.reduce((sum, version) => sum + version, 0),
    };
  };
  const count = indexCount(
    {
      settledVersion: (position) => (byVersion ? Number(position) : undefined),
      async index(maxVersion) {
        counts.index++;
        return totals(index, maxVersion);
      },
      async baseC(maxVersion) {
        counts.baseC++;
        millis += costMillis;
        between();
        between = () => {};
        if (failure) throw failure;
        return totals(base, maxVersion);
      },
    },
    {
      everyMillis: EVERY,
      elapsed: () => millis,
      now: () => millis,
      onCounted: () => void calls.counted++,
      onFailure: (error) => void calls.failures.push(error),
    },
  );
  let position = 0;
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    base,
    counts,
    calls,
    count,
    /** Something is hidden from the index, or it has something of its own. */
    index,
    /** Writes to Base C; the follower brings it to the index with its next page. */
    write: (id: string, version: number) => void base.set(id, version),
    between: (work: () => void) => void (between = work),
    fails: (error: Error | undefined) => void (failure = error),
    costs: (cost: number) => void (costMillis = cost),
    passes: (some: number) => void (millis += some),
    /** A page that ends at what Base C has; of these rows. */
    async page({ rows = 0, maxVersion = position, written = () => {}, isLast = true } = {}) {
      written();
      position = maxVersion;
      millis += 500;
      count.onPage({ rows, position: String(position), upToDateAt: isLast ? new Date(millis) : undefined });
      await settled();
    },
  };
}

/** Pages until the index is found wrong, or ten have come. */
async function verdict(counting: ReturnType<typeof underTest>): Promise<string> {
  for (let pages = 0; pages < 10; pages++) {
    try {
      await counting.page();
    } catch (error) {
      expect(error).toBeInstanceOf(RebuildNeeded);
      return (error as Error).message;
    }
  }
  return 'as Base C is';
}

describe('Counting while following Base C', () => {
  const start = async (options?: { byVersion?: boolean }) => {
    const counting = underTest(options);
    for (let n = 1; n <= 5; n++) {
      counting.base.set(`p-${n}`, n);
      counting.index.set(`p-${n}`, n);
    }
    await counting.page({ maxVersion: 5 });
    expect(counting.calls).toEqual({ counted: 1, failures: [] });
    return counting;
  };
  const hidden: [string, (counting: ReturnType<typeof underTest>) => void, boolean][] = [
    ['a removal', ({ base }) => void base.delete('p-3'), true],
    ['a row with a low number', ({ base }) => void base.set('low', 2), true],
    ['the number of another row', ({ base }) => void base.set('p-1', 4), false],
    ['a removal and a row with a low number', ({ base }) => void (base.delete('p-3'), base.set('low', 4)), false],
    ['all of them', ({ base }) => base.clear(), true],
    ['a document that is lost', ({ index }) => void index.delete('p-2'), true],
    ['a document that nobody wrote', ({ index }) => void index.set('mine', 1), true],
  ];

  it.each(hidden)('by versions: %s is found at the next count', async (_, hide) => {
    const counting = await start();
    hide(counting);
    expect(await verdict(counting)).toBe('as Base C is'); // it is not time yet
    counting.passes(EVERY);
    expect(await verdict(counting)).toMatch(/removed or written unseen/);
    expect(counting.calls.counted).toBe(1);
    await counting.count.close();
  });

  it.each(hidden.filter(([, , isCounted]) => isCounted))('by log: %s is found at the next count', async (_, hide) => {
    const counting = await start({ byVersion: false });
    hide(counting);
    counting.passes(EVERY);
    expect(await verdict(counting)).toMatch(/Base C has \d+ postings where the index has \d+/);
    await counting.count.close();
  });

  it('ignores a row that is pending, or that changes between the two counts', async () => {
    const counting = await start();
    counting.passes(EVERY);
    counting.between(() => {
      counting.write('p-2', 6); // it leaves those up to 5
      counting.write('new', 7);
    });
    await counting.page();
    const written = () => void counting.index.set('p-2', 6).set('new', 7);
    await counting.page({ rows: 2, written });
    expect(await verdict(counting)).toBe('as Base C is');
    expect(counting.calls.counted).toBe(2);
  });

  it('finds a removal while other rows keep coming', async () => {
    const counting = await start();
    counting.passes(EVERY);
    counting.base.delete('p-1');
    let maxVersion = 5;
    const more = () => {
      maxVersion++;
      counting.base.set(`p-${maxVersion}`, maxVersion);
      counting.index.set(`p-${maxVersion}`, maxVersion);
    };
    await expect(
      (async () => {
        for (let pages = 0; pages < 10; pages++) await counting.page({ rows: 1, written: more, maxVersion });
      })(),
    ).rejects.toThrow(RebuildNeeded);
  });

  it('by log ignores a difference up to the number of changes since the count began', async () => {
    const counting = await start({ byVersion: false });
    counting.passes(EVERY);
    counting.between(() => void counting.base.delete('p-1'));
    await counting.page();
    await counting.page({ rows: 1, written: () => void counting.index.delete('p-1') });
    expect(await verdict(counting)).toBe('as Base C is');
    expect(counting.calls.counted).toBe(2);
  });

  it('reports a difference only when it is found twice', async () => {
    const counting = await start();
    counting.passes(EVERY);
    counting.base.delete('p-1');
    await counting.page();
    expect(counting.counts.baseC).toBe(2);
    counting.base.set('p-1', 1); // back again before the second reading of Base C
    expect(await verdict(counting)).toBe('as Base C is');
    expect(counting.counts.baseC).toBe(3);
    expect(counting.calls.counted).toBe(2);
  });

  it('waits for a page that is up to date: a full page proves nothing', async () => {
    const counting = await start();
    counting.passes(EVERY);
    counting.base.delete('p-1');
    for (let pages = 0; pages < 5; pages++) await counting.page({ isLast: false });
    expect(counting.counts.baseC).toBe(1);
    await counting.page();
    for (let pages = 0; pages < 5; pages++) await counting.page({ isLast: false });
    expect(counting.counts.baseC).toBe(2);
    expect(await verdict(counting)).toMatch(/removed or written unseen/);
  });

  it('waits fifty times as long as a count took, and counts again after a failure', async () => {
    const counting = await start();
    counting.passes(EVERY);
    counting.costs(10_000);
    counting.fails(new Error('canceling statement due to statement timeout'));
    await counting.page();
    expect(counting.calls.failures).toHaveLength(1);
    counting.fails(undefined);
    counting.passes(499_000);
    await counting.page();
    expect(counting.counts.baseC).toBe(2);
    counting.passes(1_000);
    await counting.page();
    expect(counting.counts.baseC).toBe(3);
    expect(counting.calls.counted).toBe(2);
  });

  it('ends during a count without reporting it', async () => {
    const counting = await start();
    counting.passes(EVERY);
    counting.base.delete('p-1');
    await counting.page(); // waits for the next
    await counting.count.close();
    expect(counting.calls).toEqual({ counted: 1, failures: [] });
  });

  it('compares sums above 2^53 to their exact digits', async () => {
    const counting = underTest();
    const far = 2 ** 52;
    for (let n = 0; n < 9; n++) {
      counting.base.set(`p-${n}`, far + n);
      counting.index.set(`p-${8 - n}`, far + 8 - n); // added up in another order
    }
    await counting.page({ maxVersion: far + 9 });
    expect(counting.calls.counted).toBe(1);
    counting.base.delete('p-1');
    counting.passes(EVERY);
    expect(await verdict(counting)).toMatch(/removed or written unseen/);
  });
});

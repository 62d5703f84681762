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
  const seen = { counted: 0, failures: [] as unknown[] };
  /** Runs once, when the index was counted and before Base C is. */
  let between = (): void => {};
  const totals = (rows: ReadonlyMap<string, number>, upTo: number | undefined): Totals => {
    const versions = [...rows.values()].filter((version) => upTo === undefined || version <= upTo);
    return {
      postings: versions.length,
      versionSum: upTo === undefined ? undefined : versions.reduce((sum, version) => sum + version, 0),
    };
  };
  const count = indexCount(
    {
      settledVersion: (position) => (byVersion ? Number(position) : undefined),
      async index(upTo) {
        counts.index++;
        return totals(index, upTo);
      },
      async baseC(upTo) {
        counts.baseC++;
        millis += costMillis;
        between();
        between = () => {};
        if (failure) throw failure;
        return totals(base, upTo);
      },
    },
    {
      everyMillis: EVERY,
      elapsed: () => millis,
      now: () => millis,
      onCounted: () => void seen.counted++,
      onFailure: (error) => void seen.failures.push(error),
    },
  );
  let position = 0;
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    base,
    counts,
    seen,
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
    async page({ rows = 0, upTo = position, written = () => {}, isLast = true } = {}) {
      written();
      position = upTo;
      millis += 500;
      count.onPage({ rows, position: String(position), upToDateAt: isLast ? new Date(millis) : undefined });
      await settled();
    },
  };
}

/** Pages until the index is found wrong, or ten have come. */
async function verdict(under: ReturnType<typeof underTest>): Promise<string> {
  for (let pages = 0; pages < 10; pages++) {
    try {
      await under.page();
    } catch (error) {
      expect(error).toBeInstanceOf(RebuildNeeded);
      return (error as Error).message;
    }
  }
  return 'as Base C is';
}

describe('Counting while following Base C', () => {
  const start = async (options?: { byVersion?: boolean }) => {
    const under = underTest(options);
    for (let n = 1; n <= 5; n++) {
      under.base.set(`p-${n}`, n);
      under.index.set(`p-${n}`, n);
    }
    await under.page({ upTo: 5 });
    expect(under.seen).toEqual({ counted: 1, failures: [] });
    return under;
  };
  const hidden: [string, (under: ReturnType<typeof underTest>) => void, boolean][] = [
    ['a removal', ({ base }) => void base.delete('p-3'), true],
    ['a row with a low number', ({ base }) => void base.set('low', 2), true],
    ['the number of another row', ({ base }) => void base.set('p-1', 4), false],
    ['a removal and a row with a low number', ({ base }) => void (base.delete('p-3'), base.set('low', 4)), false],
    ['all of them', ({ base }) => base.clear(), true],
    ['a document that is lost', ({ index }) => void index.delete('p-2'), true],
    ['a document that nobody wrote', ({ index }) => void index.set('mine', 1), true],
  ];

  it.each(hidden)('by versions: %s is found at the next count', async (_, hide) => {
    const under = await start();
    hide(under);
    expect(await verdict(under)).toBe('as Base C is'); // it is not time yet
    under.passes(EVERY);
    expect(await verdict(under)).toMatch(/removed or written unseen/);
    expect(under.seen.counted).toBe(1);
    await under.count.close();
  });

  it.each(hidden.filter(([, , isCounted]) => isCounted))('by log: %s is found at the next count', async (_, hide) => {
    const under = await start({ byVersion: false });
    hide(under);
    under.passes(EVERY);
    expect(await verdict(under)).toMatch(/Base C has \d+ postings where the index has \d+/);
    await under.count.close();
  });

  it('ignores a row that is pending, or that changes between the two counts', async () => {
    const under = await start();
    under.passes(EVERY);
    under.between(() => {
      under.write('p-2', 6); // it leaves those up to 5
      under.write('new', 7);
    });
    await under.page();
    const written = () => void under.index.set('p-2', 6).set('new', 7);
    await under.page({ rows: 2, written });
    expect(await verdict(under)).toBe('as Base C is');
    expect(under.seen.counted).toBe(2);
  });

  it('finds a removal while other rows keep coming', async () => {
    const under = await start();
    under.passes(EVERY);
    under.base.delete('p-1');
    let upTo = 5;
    const more = () => {
      upTo++;
      under.base.set(`p-${upTo}`, upTo);
      under.index.set(`p-${upTo}`, upTo);
    };
    await expect(
      (async () => {
        for (let pages = 0; pages < 10; pages++) await under.page({ rows: 1, written: more, upTo });
      })(),
    ).rejects.toThrow(RebuildNeeded);
  });

  it('by log ignores a difference up to the number of changes since the count began', async () => {
    const under = await start({ byVersion: false });
    under.passes(EVERY);
    under.between(() => void under.base.delete('p-1'));
    await under.page();
    await under.page({ rows: 1, written: () => void under.index.delete('p-1') });
    expect(await verdict(under)).toBe('as Base C is');
    expect(under.seen.counted).toBe(2);
  });

  it('reports a difference only when it is found twice', async () => {
    const under = await start();
    under.passes(EVERY);
    under.base.delete('p-1');
    await under.page();
    expect(under.counts.baseC).toBe(2);
    under.base.set('p-1', 1); // back again before the second reading of Base C
    expect(await verdict(under)).toBe('as Base C is');
    expect(under.counts.baseC).toBe(3);
    expect(under.seen.counted).toBe(2);
  });

  it('waits for a page that is up to date: a full page proves nothing', async () => {
    const under = await start();
    under.passes(EVERY);
    under.base.delete('p-1');
    for (let pages = 0; pages < 5; pages++) await under.page({ isLast: false });
    expect(under.counts.baseC).toBe(1);
    await under.page();
    for (let pages = 0; pages < 5; pages++) await under.page({ isLast: false });
    expect(under.counts.baseC).toBe(2);
    expect(await verdict(under)).toMatch(/removed or written unseen/);
  });

  it('waits fifty times as long as a count took, and counts again after a failure', async () => {
    const under = await start();
    under.passes(EVERY);
    under.costs(10_000);
    under.fails(new Error('canceling statement due to statement timeout'));
    await under.page();
    expect(under.seen.failures).toHaveLength(1);
    under.fails(undefined);
    under.passes(499_000);
    await under.page();
    expect(under.counts.baseC).toBe(2);
    under.passes(1_000);
    await under.page();
    expect(under.counts.baseC).toBe(3);
    expect(under.seen.counted).toBe(2);
  });

  it('ends during a count without reporting it', async () => {
    const under = await start();
    under.passes(EVERY);
    under.base.delete('p-1');
    await under.page(); // waits for the next
    await under.count.close();
    expect(under.seen).toEqual({ counted: 1, failures: [] });
  });

  it('compares sums above 2^53 to their exact digits', async () => {
    const under = underTest();
    const far = 2 ** 52;
    for (let n = 0; n < 9; n++) {
      under.base.set(`p-${n}`, far + n);
      under.index.set(`p-${8 - n}`, far + 8 - n); // added up in another order
    }
    await under.page({ upTo: far + 9 });
    expect(under.seen.counted).toBe(1);
    under.base.delete('p-1');
    under.passes(EVERY);
    expect(await verdict(under)).toMatch(/removed or written unseen/);
  });
});

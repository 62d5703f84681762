import { type Decision, everyOf, someOf } from '../../src/directives/decision.ts';

const SYNCHRONOUS = [true, false] as const;
const ASYNCHRONOUS = ['later true', 'later false'] as const;
type Item = (typeof SYNCHRONOUS)[number] | (typeof ASYNCHRONOUS)[number];

const isTrue = (item: Item): boolean => item === true || item === 'later true';
const decide = (item: Item): Decision => (typeof item === 'boolean' ? item : Promise.resolve(isTrue(item)));

/** Every list of up to three items. */
const lists: Item[][] = [[]];
for (let length = 0, start = 0; length < 3; length++) {
  const end = lists.length;
  for (; start < end; start++)
    for (const item of [...SYNCHRONOUS, ...ASYNCHRONOUS]) lists.push([...lists[start]!, item]);
}

describe('A decision over several items, some of them asynchronous', () => {
  it('is tested with every list of up to three items', () => expect(lists).toHaveLength(1 + 4 + 16 + 64));

  it('of everyOf passes if every item passes', async () => {
    for (const list of lists) {
      expect({ list, passes: await everyOf(list, decide) }).toEqual({ list, passes: list.every(isTrue) });
    }
  });

  it('of someOf passes if some item passes', async () => {
    for (const list of lists) {
      expect({ list, passes: await someOf(list, decide) }).toEqual({ list, passes: list.some(isTrue) });
    }
  });

  it('is synchronous if it does not depend on an asynchronous item', () => {
    expect(everyOf([true, false, 'later true'], decide)).toBe(false);
    expect(someOf([false, true, 'later true'], decide)).toBe(true);
  });

  it.each([
    ['everyOf', everyOf, ['later true', 'later false', true]],
    ['someOf', someOf, ['later false', 'later true', true]],
  ] as const)('of %s decides items in order, and stops when the result is clear', async (_name, combine, items) => {
    const decidedItems: Item[] = [];
    await combine(items as readonly Item[], (item: Item) => (decidedItems.push(item), decide(item)));
    expect(decidedItems).toEqual(items.slice(0, 2));
  });

  it('does not pass with truthy values other than true', async () => {
    const truthy = (() => 'yes') as unknown as () => Decision;
    const truthyLater = (() => Promise.resolve(1)) as unknown as () => Decision;
    for (const decideTruthy of [truthy, truthyLater]) {
      expect(await everyOf([1], decideTruthy)).toBe(false);
      expect(await someOf([1], decideTruthy)).toBe(false);
    }
  });
});

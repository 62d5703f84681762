import { type Decision, everyOf, someOf } from '../../src/directives/decision.ts';

const AT_ONCE = [true, false] as const;
const LATER = ['later true', 'later false'] as const;
type Item = (typeof AT_ONCE)[number] | (typeof LATER)[number];

const isTrue = (item: Item): boolean => item === true || item === 'later true';
const decide = (item: Item): Decision => (typeof item === 'boolean' ? item : Promise.resolve(isTrue(item)));

/** Every list of up to three items. */
const lists: Item[][] = [[]];
for (let length = 0, from = 0; length < 3; length++) {
  const to = lists.length;
  for (; from < to; from++) for (const item of [...AT_ONCE, ...LATER]) lists.push([...lists[from]!, item]);
}

describe('A decision over several items, each taken at once or later', () => {
  it('is tried on every list of up to three', () => expect(lists).toHaveLength(1 + 4 + 16 + 64));

  it('passes where every one passes', async () => {
    for (const list of lists) expect([list, await everyOf(list, decide)]).toEqual([list, list.every(isTrue)]);
  });

  it('passes where some one passes', async () => {
    for (const list of lists) expect([list, await someOf(list, decide)]).toEqual([list, list.some(isTrue)]);
  });

  it('is taken at once where nothing has to be waited for', () => {
    expect([everyOf([true, false, 'later true'], decide), someOf([false, true, 'later true'], decide)]).toEqual([
      false,
      true,
    ]);
  });

  it('asks in order and no further than needed', async () => {
    for (const [whether, decided] of [[everyOf, 'later false'], [someOf, 'later true']] as const) {
      const asked: Item[] = [];
      const first = whether === everyOf ? 'later true' : 'later false';
      await whether([first, decided, true] as Item[], (item: Item) => (asked.push(item), decide(item)));
      expect(asked).toEqual([first, decided]);
    }
  }); // prettier-ignore

  it('passes with nothing but true', async () => {
    const truthy = (() => 'yes') as unknown as () => Decision;
    const later = (() => Promise.resolve(1)) as unknown as () => Decision;
    for (const one of [truthy, later]) {
      expect([await everyOf([1], one), await someOf([1], one)]).toEqual([false, false]);
    }
  });
});

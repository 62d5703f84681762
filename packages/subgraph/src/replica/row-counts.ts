import { setTimeout as sleep } from 'node:timers/promises';
import { askPositions, type Asking } from './replica-sight.ts';
import type { PublisherCatalogue } from './publisher-catalogue.ts';

/** Two sides of a replica, and the name of its slot at the publisher. */
export interface CountedSides {
  readonly publisher: Asking;
  readonly replica: Asking;
  readonly slot: string | undefined;
}

/** A difference must be found as often as this, in the same direction: a table at work is never still. */
const TRIES = 5;
const TRY_MILLIS = 500;
const CATCH_UP_MILLIS = 30_000;
const POLL_MILLIS = 100;

/**
 * Compares how many rows each table has. At the publisher they are counted before and after: a replica that has all of them
 * and nothing else lies in between.
 *
 * @returns in words, each table of which the replica has too few or too many
 * @throws Error when the replica does not get within 30 s to where the publisher is; what the servers throw
 */
export async function countFaults(sides: CountedSides, catalogue: PublisherCatalogue): Promise<string[]> {
  const faults: string[] = [];
  for (const [table, { qualified }] of catalogue) {
    let before = await countOf(sides.publisher, qualified);
    let direction: number | undefined;
    for (let tries = 1; ; tries++) {
      await caughtUp(sides);
      const there = await countOf(sides.replica, qualified);
      const after = await countOf(sides.publisher, qualified);
      const now = there < Math.min(before, after) ? -1 : there > Math.max(before, after) ? 1 : 0;
      if (now === 0 || (direction !== undefined && now !== direction)) break;
      if (tries === TRIES) {
        faults.push(`${table} has ${after} rows at the publisher and ${there} at the replica`);
        break;
      }
      direction = now;
      before = after;
      await sleep(TRY_MILLIS);
    }
  }
  return faults;
}

async function countOf(side: Asking, qualified: string): Promise<number> {
  const { rows } = await side.query<{ rows: string }>(`SELECT count(*) AS "rows" FROM ${qualified}`);
  return Number(rows[0]!.rows);
}

/** Resolves once the replica has all that the publisher had written when this was called. */
async function caughtUp({ publisher, slot }: Pick<CountedSides, 'publisher' | 'slot'>): Promise<void> {
  const wanted = (await askPositions(publisher, slot)).publisher;
  const deadline = performance.now() + CATCH_UP_MILLIS;
  for (;;) {
    const { replica } = await askPositions(publisher, slot);
    if (replica !== undefined && replica >= wanted) return;
    if (performance.now() > deadline) throw new NotCaughtUp('the replica does not get to where the publisher is');
    await sleep(POLL_MILLIS);
  }
}

export class NotCaughtUp extends Error {}

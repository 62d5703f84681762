import { setTimeout as sleep } from 'node:timers/promises';
import { askPositions, type Queryable } from './replica-sight.ts';
import type { PublisherCatalogue } from './publisher-catalogue.ts';
import { rowCountStatement } from './row-count-statement.ts';

/** Publisher and replica, and the name of the replication slot. */
export interface CountedSides {
  readonly publisher: Queryable;
  readonly replica: Queryable;
  readonly slot: string | undefined;
}

/** A difference counts only when this many comparisons find it in the same direction, because rows change meanwhile. */
const TRIES = 5;
const TRY_MILLIS = 500;
const CATCH_UP_MILLIS = 30_000;
const POLL_MILLIS = 100;

/**
 * Compares the row counts of each table. The publisher counts before and after the replica: a correct replica's count lies in between.
 *
 * @returns one sentence for each table with too few or too many rows at the replica
 * @throws NotCaughtUp when the replica does not reach the publisher's position within 30 s; errors of the servers
 */
export async function countFaults(sides: CountedSides, catalogue: PublisherCatalogue): Promise<string[]> {
  const faults: string[] = [];
  for (const [table, { qualified }] of catalogue) {
    let rowsBefore = await countOf(sides.publisher, qualified);
    let direction: number | undefined;
    for (let tries = 1; ; tries++) {
      await waitUntilCaughtUp(sides);
      const replicaRows = await countOf(sides.replica, qualified);
      const rowsAfter = await countOf(sides.publisher, qualified);
      const currentDirection =
        replicaRows < Math.min(rowsBefore, rowsAfter) ? -1 : replicaRows > Math.max(rowsBefore, rowsAfter) ? 1 : 0;
      if (currentDirection === 0 || (direction !== undefined && currentDirection !== direction)) break;
      if (tries === TRIES) {
        faults.push(`${table} has ${rowsAfter} rows at the publisher and ${replicaRows} at the replica`);
        break;
      }
      direction = currentDirection;
      rowsBefore = rowsAfter;
      await sleep(TRY_MILLIS);
    }
  }
  return faults;
}

async function countOf(side: Queryable, qualified: string): Promise<number> {
  const { rows } = await side.query<{ rows: string }>(rowCountStatement(qualified));
  return Number(rows[0]!.rows);
}

/** Resolves when the replica has everything that the publisher had written at the time of the call. */
async function waitUntilCaughtUp({ publisher, slot }: Pick<CountedSides, 'publisher' | 'slot'>): Promise<void> {
  const target = (await askPositions(publisher, slot)).publisher;
  const deadline = performance.now() + CATCH_UP_MILLIS;
  for (;;) {
    const { replica } = await askPositions(publisher, slot);
    if (replica !== undefined && replica >= target) return;
    if (performance.now() > deadline) throw new NotCaughtUp('the replica does not reach the position of the publisher');
    await sleep(POLL_MILLIS);
  }
}

export class NotCaughtUp extends Error {}

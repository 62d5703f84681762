import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Then the auditor has long given the last records their places. */
const SETTLE_MILLIS = 60_000;
const LOOK_MILLIS = 500;

const STATE = `
  SELECT (SELECT count(*) FROM public.acesso)::int AS records, (SELECT count(*) FROM transparency.pending)::int AS waiting,
         (SELECT size FROM transparency.tree)::int AS places, (SELECT max(size) FROM transparency.checkpoint)::int AS published`;

interface State {
  readonly records: number;
  readonly waiting: number;
  readonly places: number;
  readonly published: number | null;
}

const isWholeIn = ({ records, waiting, places, published }: State): boolean =>
  waiting === 0 && places === records && published === places;

/**
 * Whether every record of the audit has its place in the log, under a published checkpoint. Waits for the last ones.
 *
 * @param ownerUrl the audit itself, not through a relay
 */
export async function checkLog(ownerUrl: string, signal: AbortSignal): Promise<{ report: string; isWhole: boolean }> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const endsAt = performance.now() + SETTLE_MILLIS;
    for (;;) {
      const { rows } = await client.query<State>(STATE);
      const [state] = rows as [State];
      const isWhole = isWholeIn(state);
      if (isWhole || performance.now() > endsAt) return { report: reportOf(state), isWhole };
      await sleep(LOOK_MILLIS, undefined, { signal });
    }
  } finally {
    await client.end();
  }
}

const reportOf = ({ records, waiting, places, published }: State): string =>
  `${records} records, ${places} places, ${waiting} waiting, ${published ?? 0} under the newest checkpoint`;

import type { Pool } from 'pg';
import type { PersonKeys } from '../people/person-keys.ts';
import type { ReadStoredTiles } from '../tree/stored-tree.ts';

/** What proofs of records are made from. */
export interface ProofSources {
  readonly db: Pool;
  readonly keys: PersonKeys;
  /** May keep tiles of the log. */
  readonly readTiles: ReadStoredTiles;
}

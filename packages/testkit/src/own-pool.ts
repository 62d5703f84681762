import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import type { Pool } from 'pg';

/** Opens a pool with the session settings of a writing service, whatever the role's defaults. The test ends it. */
export const ownPool = (connectionString: string, max: number): Pool =>
  openPool({ connectionString, max }, writingSettings(10_000));

import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import type { Pool } from 'pg';

/** A pool whose connections begin as a writing service's do, whatever was set for the role. The test ends it. */
export const ownPool = (connectionString: string, max: number): Pool =>
  openPool({ connectionString, max }, writingSettings(10_000));

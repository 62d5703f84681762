import type { Base, PerBase } from '@pessoa/domain/services';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { ReplicaConfig } from './replica-monitor.ts';

/** What each base's data is good for, in seconds: of purchases less than of incomes. */
const standardLags: PerBase<number> = { baseA: 60, baseB: 300, baseC: 30 };

/** Seconds a replica may be behind and still be read; a debt that was paid is shown as owed for 15 minutes at the very most. */
export const lagMaxSeconds = (base: Base) =>
  wholeNumber(1, 900, 'a whole number of seconds').default(standardLags[base]);

export const replicaConfig = (url: string | undefined, lagMaxSeconds: number): ReplicaConfig | undefined =>
  url === undefined ? undefined : { url, lagMaxSeconds };

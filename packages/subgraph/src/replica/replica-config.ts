import type { BaseName, PerBase } from '@pessoa/domain/services';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { ReplicaConfig } from './replica-monitor.ts';

/** Default of the longest lag, in seconds. Purchases age faster than incomes. */
const standardLags: PerBase<number> = { baseA: 60, baseB: 300, baseC: 30 };

/** Longest lag of a replica that is still read, 1 to 900 s: a paid debt is shown as open for at most 15 minutes. */
export const lagMaxSeconds = (base: BaseName) =>
  wholeNumber(1, 900, 'a whole number of seconds').default(standardLags[base]);

export const replicaConfig = (url: string | undefined, lagMaxSeconds: number): ReplicaConfig | undefined =>
  url === undefined ? undefined : { url, lagMaxSeconds };

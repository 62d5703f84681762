import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { ReplicaConfig } from './replica-monitor.ts';

/** Seconds a replica may be behind and still be read; a debt that was paid is shown as owed for 15 minutes at the very most. */
export const lagMaxSeconds = (standard: number) => wholeNumber(1, 900, 'a whole number of seconds').default(standard);

export const replicaConfig = (url: string | undefined, lagMaxSeconds: number): ReplicaConfig | undefined =>
  url === undefined ? undefined : { url, lagMaxSeconds };

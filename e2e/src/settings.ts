import { variables as auditor } from '@pessoa/auditor/config';
import { variables as debt } from '@pessoa/debt/config';
import type { Service } from '@pessoa/domain/services';
import { variables as event } from '@pessoa/event/config';
import { variables as indexer } from '@pessoa/indexer/config';
import { variables as replica } from '@pessoa/operations/replica/replica-settings';
import { variables as router } from '@pessoa/router/config';
import { variables as score } from '@pessoa/score/config';
import { variables as witness } from '@pessoa/witness/config';

/** One environment variable as a process reads it. */
interface Setting {
  safeParse(value: unknown): { success: boolean; data?: unknown };
}
export type Settings = Readonly<Record<string, Setting>>;

/** The variables that each process reads. */
export const settingsByProcess: Readonly<Record<Service | 'indexer' | 'auditor' | 'router', Settings>> = {
  debt,
  score,
  event,
  indexer,
  auditor,
  router,
};

/** The variables of the one process that is router and subgraphs. */
export const singleSettings: Settings = { ...debt, ...score, ...event, ...router };

/** The variables of a witness, which is no part of the system that it watches. */
export const witnessSettings: Settings = witness;

/** The variables that the replica's commands read from a table of their own. */
export const scriptSettings: Settings = replica;

/** The variables that a process needs to start, sorted. */
export const requiredSettings = (settings: Settings): string[] =>
  Object.keys(settings).filter((name) => !settings[name]!.safeParse(undefined).success).toSorted(); // prettier-ignore

/** The variables that refuse a value, sorted. */
export const settingsThatRefuse = (settings: Settings, value: string): string[] =>
  Object.keys(settings).filter((name) => !settings[name]!.safeParse(value).success).toSorted(); // prettier-ignore

/** The default of a variable as text; empty when it has none. */
export function defaultOf(setting: Setting): string {
  const { data } = setting.safeParse(undefined);
  return Array.isArray(data) ? data.join(',') : String(data ?? '');
}

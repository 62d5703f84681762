import { variables as debt } from '@pessoa/debt/config';
import type { Service } from '@pessoa/domain/services';
import { variables as event } from '@pessoa/event/config';
import { variables as indexer } from '@pessoa/indexer/config';
import { variables as replica } from '@pessoa/operations/replica/replica-settings';
import { variables as router } from '@pessoa/router/config';
import { variables as score } from '@pessoa/score/config';

/** One environment variable as a process reads it. */
interface Setting {
  safeParse(value: unknown): { success: boolean; data?: unknown };
}
export type Settings = Readonly<Record<string, Setting>>;

/** Every variable that each process reads. */
export const settingsOf: Readonly<Record<Service | 'indexer' | 'router', Settings>> = {
  debt,
  score,
  event,
  indexer,
  router,
};

/** Every variable that the scripts read by a table of their own. */
export const settingsOfScripts: Settings = replica;

/** The variables without which a process does not start, sorted. */
export const requiredOf = (settings: Settings): string[] =>
  Object.keys(settings).filter((name) => !settings[name]!.safeParse(undefined).success).toSorted(); // prettier-ignore

/** The variables that do not take a value, sorted. */
export const refusing = (settings: Settings, value: string): string[] =>
  Object.keys(settings).filter((name) => !settings[name]!.safeParse(value).success).toSorted(); // prettier-ignore

/** What the text of a variable counts as when it is absent; empty when there is no default. */
export function defaultOf(setting: Setting): string {
  const { data } = setting.safeParse(undefined);
  return Array.isArray(data) ? data.join(',') : String(data ?? '');
}

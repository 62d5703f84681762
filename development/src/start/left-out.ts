import type { BaseArgument, Service } from '@pessoa/domain/services';

/** What `npm start -- --without` can leave out, as if it were down, and what that costs. */
export const partsToLeaveOut = {
  'base-a': { service: 'debt', means: 'Base A is out: names, addresses and debts answer FONTE_INDISPONIVEL' },
  'base-b': { service: 'score', means: 'Base B is out: scores, goods and income answer FONTE_INDISPONIVEL' },
  'base-c': { service: 'event', means: 'Base C is out: events answer FONTE_INDISPONIVEL' },
  cache: { service: undefined, means: 'the cache is out: every read goes to its base' },
  index: { service: undefined, means: 'the search index is out: Base C answers in its place' },
} as const satisfies Record<BaseArgument | 'cache' | 'index', { service: Service | undefined; means: string }>;

export type LeftOut = keyof typeof partsToLeaveOut;
export const namesToLeaveOut = Object.keys(partsToLeaveOut) as LeftOut[];
export const isNameToLeaveOut = (name: string): name is LeftOut => name in partsToLeaveOut;

/** Port 1 of this machine: nothing listens there, and says so at once. */
const NOWHERE = '127.0.0.1:1';

/** The variables of services for which these parts are down. */
export function variablesWithout(leftOut: readonly LeftOut[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const without = { ...env };
  const set = (name: string, value: string | undefined): void => {
    delete without[`${name}_FILE`];
    if (value === undefined) delete without[name];
    else without[name] = value;
  };
  for (const part of leftOut) {
    if (part === 'cache') {
      for (const name of ['REDIS_SENTINELS', 'REDIS_SENTINEL_NAME', 'REDIS_CLUSTER']) set(name, undefined);
      set('REDIS_URL', `redis://${NOWHERE}`);
    } else if (part === 'index') {
      set('ELASTICSEARCH_URL', `http://${NOWHERE}`);
    } else {
      const base = part.toUpperCase().replace('-', '_');
      set(`${base}_URL`, `postgresql://left-out@${NOWHERE}/${part}`);
      set(`${base}_REPLICA_URL`, undefined);
    }
  }
  return without;
}

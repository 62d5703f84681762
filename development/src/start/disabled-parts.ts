import type { BaseArgument, Service } from '@pessoa/domain/services';

/** The parts that `npm start -- --without` can disable, as if they were down, and what is lost without each. */
export const optionalParts = {
  'base-a': { service: 'debt', means: 'Base A is out: names, addresses and debts answer FONTE_INDISPONIVEL' },
  'base-b': { service: 'score', means: 'Base B is out: scores, goods and income answer FONTE_INDISPONIVEL' },
  'base-c': { service: 'event', means: 'Base C is out: events answer FONTE_INDISPONIVEL' },
  cache: { service: undefined, means: 'the cache is out: every read goes to its base' },
  index: { service: undefined, means: 'the search index is out: Base C answers in its place' },
} as const satisfies Record<BaseArgument | 'cache' | 'index', { service: Service | undefined; means: string }>;

export type OptionalPart = keyof typeof optionalParts;
export const optionalPartNames = Object.keys(optionalParts) as OptionalPart[];
export const isOptionalPart = (name: string): name is OptionalPart => name in optionalParts;

/** Nothing listens on port 1, so connections are refused at once. */
const NOWHERE = '127.0.0.1:1';

/** The environment of services for which these parts are down. */
export function environmentWithout(disabledParts: readonly OptionalPart[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const changed = { ...env };
  const set = (name: string, value: string | undefined): void => {
    delete changed[`${name}_FILE`];
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  };
  for (const part of disabledParts) {
    if (part === 'cache') {
      for (const name of ['REDIS_SENTINELS', 'REDIS_SENTINEL_NAME', 'REDIS_CLUSTER']) set(name, undefined);
      set('REDIS_URL', `redis://${NOWHERE}`);
    } else if (part === 'index') {
      set('ELASTICSEARCH_URL', `http://${NOWHERE}`);
    } else {
      const base = part.toUpperCase().replace('-', '_');
      set(`${base}_URL`, `postgresql://disabled@${NOWHERE}/${part}`);
      set(`${base}_REPLICA_URL`, undefined);
    }
  }
  return changed;
}

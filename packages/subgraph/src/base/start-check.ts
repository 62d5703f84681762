import { ConfigError } from '@pessoa/service/config/environment';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Base } from './base.ts';

/**
 * Looks at what a base offers when its service starts, and opens its connections. A base that cannot be asked now may come
 * later; one that lacks a column never will.
 *
 * @throws ConfigError naming what the base lacks
 */
export async function checkContract(
  name: string,
  base: Pick<Base<never>, 'missing' | 'missingIndexes' | 'warm'>,
  logger: Logger,
): Promise<void> {
  const missing = await base.missing({ isStarting: true }).catch((err: unknown) => {
    logger.warn({ err }, 'the base does not answer yet');
    return undefined;
  });
  if (!missing) return;
  if (missing.length > 0) {
    throw new ConfigError(
      `${name} cannot start: its base lacks, keeps from our role, or has as another type (docs/bases.md):\n  ${missing.join('\n  ')}`,
    );
  }
  for (const ddl of await base.missingIndexes().catch(() => [])) {
    logger.warn({ ddl }, 'an index is missing: each read of a person looks through the whole table (docs/bases.md)');
  }
  await base.warm();
}

/** Whether the base answers and offers all of its contract; opens its connections when it does. */
export const isBaseReady = (base: Pick<Base<never>, 'missing' | 'warm'>): Promise<boolean> =>
  base.missing().then(
    async (missing) => {
      if (missing.length === 0) await base.warm();
      return missing.length === 0;
    },
    () => false,
  );

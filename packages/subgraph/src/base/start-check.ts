import { ConfigError } from '@pessoa/service/config/environment';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Base } from './base.ts';

/**
 * Checks a base when its service starts, and opens its connections. A base that does not answer may answer later, so the service
 * starts without it. A base that breaks its contract stops the start.
 *
 * @throws ConfigError with the faults
 */
export async function checkContract(
  name: string,
  base: Pick<Base<never>, 'contractFaults' | 'missingIndexes' | 'warm'>,
  logger: Logger,
): Promise<void> {
  const faults = await base.contractFaults({ isStarting: true }).catch((err: unknown) => {
    logger.warn({ err }, 'the base does not answer yet');
    return undefined;
  });
  if (!faults) return;
  if (faults.length > 0) {
    throw new ConfigError(
      `${name} cannot start: its base does not offer what the contract asks for (docs/bases.md):\n  ${faults.join('\n  ')}`,
    );
  }
  for (const ddl of await base.missingIndexes().catch(() => [])) {
    logger.warn({ ddl }, 'an index is missing: each read of a person scans the whole table (docs/bases.md)');
  }
  await base.warm();
}

/** True when the base answers and keeps its contract. Then also opens its connections. */
export const isBaseReady = (base: Pick<Base<never>, 'contractFaults' | 'warm'>): Promise<boolean> =>
  base.contractFaults().then(
    async (faults) => {
      if (faults.length === 0) await base.warm();
      return faults.length === 0;
    },
    () => false,
  );

import { ConfigError } from '@pessoa/service/config/environment';
import type { Logger } from '@pessoa/service/logging/logger';
import type { AuditLog } from './audit-log.ts';

/**
 * Checks at the start that the audit can be written. A database that does not answer yet only causes a warning, because it
 * may answer later. A role that cannot write is an error.
 * @throws ConfigError with every reason, after closing `auditLog`
 */
export async function checkAudit(service: string, auditLog: AuditLog, logger: Logger): Promise<void> {
  const faults = await auditLog.faults().catch((err: unknown) => {
    logger.warn({ err }, 'the audit does not answer yet');
    return [];
  });
  if (faults.length === 0) return;
  await auditLog.close();
  throw new ConfigError(
    `${service} cannot start: its audit cannot be written (docs/bases.md):\n  ${faults.join('\n  ')}`,
  );
}

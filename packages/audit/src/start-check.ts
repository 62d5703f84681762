import { ConfigError } from '@pessoa/service/config/environment';
import type { Logger } from '@pessoa/service/logging/logger';
import type { AuditLog } from './audit-log.ts';

/**
 * An audit that cannot be asked now may come later; one whose role may not write never will.
 * @throws ConfigError naming why, with the log closed
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

import { type AuditLog, openAuditLogOfCommand } from '@pessoa/audit/audit-log';
import type { AuditAccess } from '@pessoa/audit/audit-pool';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { CommandError, failingAs } from './command-error.ts';

/**
 * The audit, for a command whose reads it keeps.
 *
 * @param servico the process in its records
 * @throws CommandError with every reason, when its role does not answer or cannot store records durably
 */
export async function openAuditOfCommand(audit: AuditAccess, servico: string): Promise<AuditLog> {
  const auditLog = openAuditLogOfCommand(audit, createMetrics(servico));
  try {
    const faults = await auditLog.faults().catch(failingAs('the audit does not answer'));
    if (faults.length > 0) throw new CommandError(['the audit cannot be kept:', ...faults].join('\n'));
    return auditLog;
  } catch (error) {
    await auditLog.close();
    throw error;
  }
}

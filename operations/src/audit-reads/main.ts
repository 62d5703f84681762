import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { runCommand } from '@pessoa/service/processes/command-line';
import { type AuditSettings, openAuditSettings } from '../audit/audit-settings.ts';
import { outputTo } from '../audit/output.ts';
import { questionRecords } from '../audit/question-records.ts';
import { messageOf } from '../commands/command-error.ts';
import { openAuditOfCommand } from '../commands/open-audit.ts';
import { tokenViewer } from '../commands/token-viewer.ts';
import { checkReads } from './check-reads.ts';
import { postgresRecordedReads } from './postgres-recorded-reads.ts';
import { command, readRequest, type ReadsRequest } from './request.ts';

const note = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function check(request: ReadsRequest, settings: AuditSettings): Promise<void> {
  const { token, audit, readerUrl, cpfHashKey } = settings;
  const viewer = await tokenViewer({ setting: 'AUDIT_TOKEN', token, scope: 'auditoria:read' }, settings);
  const auditLog = await openAuditOfCommand(audit, 'auditoria');
  const recorded = postgresRecordedReads(readerUrl, request.windowMillis);
  try {
    const recordPeople = questionRecords(auditLog, viewer);
    const isProven = await checkReads(request, { recorded, cpfHash: cpfHasher(cpfHashKey), recordPeople, output: outputTo(process.stdout), note }); // prettier-ignore
    if (!isProven) process.exitCode = 1;
  } finally {
    await Promise.allSettled([recorded.close(), auditLog.close()]); // the report is what it is, however they end
  }
}

async function run(args: readonly string[]): Promise<void> {
  const request = readRequest(args, systemClock);
  const { settings, close } = await openAuditSettings(process.env);
  try {
    await check(request, settings);
  } finally {
    await close();
  }
}

await runCommand(command, run, { messageOf });

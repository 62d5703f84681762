import { randomUUID, randomUUIDv7 } from 'node:crypto';
import type { Acesso } from '@pessoa/audit/audit-log';
import { NOBODY } from '@pessoa/audit/person-marks';
import { ERASURE_OPERATION, firstKeptDay, leastTerms, type PastTerm, retentionClasses } from '@pessoa/audit/retention';
import { systemClock } from '@pessoa/domain/data';
import { openBoundedPool } from '@pessoa/postgres/bounded-acquire';
import { writingSettings } from '@pessoa/postgres/connection-pool';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { failingAs, messageOf } from '../commands/command-error.ts';
import { openAuditOfCommand } from '../commands/open-audit.ts';
import { tokenViewer } from '../commands/token-viewer.ts';
import { areDue, countDue, eraseDue, waitForPlace } from './postgres-due-records.ts';
import { type ErasureSettings, openErasureSettings } from './erasure-settings.ts';

const command = {
  name: 'npm run --silent audit:erase',
  about:
    'Erases the content of records of the audit that are past their term. Their leaves stay in the log, and the erasure is a record itself.',
  options: {
    'dry-run': { type: 'boolean', default: false, about: 'says what is due, and erases nothing' },
  },
  notes: [
    'AUDIT_TOKEN, or AUDIT_TOKEN_FILE, has the token, with the scope auditoria:eliminacao: docs/audit.md',
    'AUDIT_RETENTION_MONTHS is the term of reads without a consent or a court order, 6 or more; default: 60. The others are kept for 15 years',
  ],
} as const;

const ACQUIRE_MILLIS = 10_000;
/** Time enough for a batch on a busy server. */
const STATEMENT_MILLIS = 120_000;

/** The auditor gives a record its place within a second; it may have to take the lead first. */
const PLACE_MILLIS = 60_000;

/** The record of an erasure. The triggers of the audit read `campos`: the class, and the first day that is kept. */
const recordOf = ({ retentionClass, before }: PastTerm, viewer: Viewer): Acesso => ({
  id: randomUUIDv7(),
  ...NOBODY,
  clientId: viewer.clientId,
  sujeito: viewer.sujeito,
  campos: [retentionClass, before],
  finalidade: viewer.finalidade,
  consentimento: undefined,
  ordemJudicial: undefined,
  peloTitular: false,
  resultado: 'ATENDIDO',
  dataHora: systemClock.now(),
  interacao: randomUUID(),
  operacao: ERASURE_OPERATION,
  servico: 'auditoria',
});

async function erase(isDryRun: boolean, settings: ErasureSettings): Promise<void> {
  const { token, audit, adminUrl, inquiryMonths } = settings;
  const viewer = await tokenViewer({ setting: 'AUDIT_TOKEN', token, scope: 'auditoria:eliminacao' }, settings);
  const auditLog = await openAuditOfCommand(audit, 'auditoria');
  const options = { url: adminUrl, connections: 1, acquireMillis: ACQUIRE_MILLIS, statementMillis: STATEMENT_MILLIS };
  const pool = openBoundedPool(options, writingSettings(STATEMENT_MILLIS));
  const terms = { ...leastTerms, CONSULTA: inquiryMonths };
  try {
    for (const retentionClass of retentionClasses) {
      const due = { retentionClass, before: firstKeptDay(systemClock.now(), terms[retentionClass]) };
      const what = `records of the class ${retentionClass} from before ${due.before}`;
      if (isDryRun) {
        const count = await countDue(pool, due).catch(failingAs('the audit cannot be read'));
        process.stdout.write(`${count} ${what} are due\n`);
      } else if (await areDue(pool, due).catch(failingAs('the audit cannot be read'))) {
        const record = recordOf(due, viewer);
        await auditLog.record([record]).catch(failingAs('the audit cannot be written, so nothing is erased'));
        await waitForPlace(pool, record.id, PLACE_MILLIS).catch(failingAs('nothing is erased'));
        const count = await eraseDue(pool, due, record.id).catch(failingAs(`the erasure is not whole; the next run goes on`)); // prettier-ignore
        process.stdout.write(`${count} ${what} erased\n`);
      } else process.stdout.write(`no ${what}\n`);
    }
  } finally {
    await Promise.allSettled([pool.end(), auditLog.close()]);
  }
}

await runCommand(
  command,
  async (args) => {
    const { 'dry-run': isDryRun } = readArguments(command, args).values;
    const { settings, close } = await openErasureSettings(process.env);
    try {
      await erase(isDryRun, settings);
    } finally {
      await close();
    }
  },
  { messageOf },
);

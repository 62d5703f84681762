import { personMarker } from '@pessoa/audit/person-marks';
import { systemClock } from '@pessoa/domain/data';
import { runCommand } from '@pessoa/service/processes/command-line';
import { messageOf } from '../commands/command-error.ts';
import { openAuditOfCommand } from '../commands/open-audit.ts';
import { tokenViewer } from '../commands/token-viewer.ts';
import { answer } from './answer.ts';
import { type AuditSettings, openAuditSettings } from './audit-settings.ts';
import { outputTo } from './output.ts';
import { openAuditPages } from './postgres-audit-pages.ts';
import { command, type Question, readQuestion } from './question.ts';
import { questionRecords } from './question-records.ts';

const note = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function ask(question: Question, settings: AuditSettings): Promise<void> {
  const { token, audit, readerUrl, cpfHashKey } = settings;
  const viewer = await tokenViewer({ setting: 'AUDIT_TOKEN', token, scope: 'auditoria:read' }, settings);
  const auditLog = await openAuditOfCommand(audit, 'auditoria');
  const pages = openAuditPages(readerUrl);
  try {
    const recordPeople = questionRecords(auditLog, viewer);
    await answer(question, { pages, markPerson: personMarker(cpfHashKey), recordPeople, output: outputTo(process.stdout), note }); // prettier-ignore
  } finally {
    await Promise.allSettled([pages.close(), auditLog.close()]); // the answer is what it is, however they end
  }
}

async function run(args: readonly string[]): Promise<void> {
  const question = await readQuestion(args, process.stdin, systemClock);
  const { settings, close } = await openAuditSettings(process.env);
  try {
    await ask(question, settings);
  } finally {
    await close();
  }
}

await runCommand(command, run, { messageOf });

import type { PersonMarks } from '@pessoa/audit/person-marks';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { writerOf } from '../audit/formats.ts';
import type { Output } from '../audit/output.ts';
import { baseReads } from './base-reads.ts';
import { LogCoverage } from './log-coverage.ts';
import { logLines } from './log-files.ts';
import { LogSessions } from './log-sessions.ts';
import { readsAroundTheApi, type RecordedReads } from './recorded-reads.ts';
import { readColumns, readRow } from './report.ts';
import type { ReadsRequest } from './request.ts';

export interface CheckReadsOptions {
  readonly recorded: RecordedReads;
  readonly cpfHash: CpfHash;
  /** Writes down that these people were named. Nothing about them leaves before it resolves. */
  readonly recordPeople: (people: readonly PersonMarks[]) => Promise<void>;
  readonly output: Output;
  /** Takes what is said about the report and is no part of it. */
  readonly note: (sentence: string) => void;
}

/**
 * Reports the reads of a log that are not in the audit, a page at a time, and then why the log may lack others.
 *
 * @returns whether the log proves that there is no such read
 * @throws LogError for a line that does not say what was read; what was found before it has left
 */
export async function checkReads(request: ReadsRequest, options: CheckReadsOptions): Promise<boolean> {
  const { base, scope, asked, files, format } = request;
  const { recorded, cpfHash, recordPeople, output, note } = options;
  const sessions = new LogSessions();
  const coverage = new LogCoverage(sessions);
  const bulk = new Map<string, number>();
  const onBulk = (role: string): void => void bulk.set(role, (bulk.get(role) ?? 0) + 1);
  const reads = baseReads(logLines(files), { scope, sessions, coverage, cpfHash, onBulk });
  const textOf = writerOf(format, readColumns);
  let count = 0;
  try {
    for await (const page of readsAroundTheApi(reads, recorded)) {
      const people = new Set(page.flatMap(({ pessoa }) => pessoa ?? []));
      await recordPeople([...people].map((hash) => ({ cpfHash: hash, cpfCifrado: undefined })));
      await output.write(textOf(page.map((read) => readRow(base, read))));
      count += page.length;
    }
    if (count === 0) await output.write(textOf([]));
  } catch (error) {
    note(`the report is not whole: it ended after ${count} reads`);
    throw error;
  }
  for (const [role, statements] of bulk) note(`${statements} statements of ${role} were not compared`);
  const faults = coverage.faults(asked, scope.readers);
  for (const fault of faults) note(fault);
  note(`${count} reads around the API`);
  return count === 0 && faults.length === 0;
}

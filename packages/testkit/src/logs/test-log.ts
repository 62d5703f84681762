import { appendFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createLogger, type Logger, type LogLevel } from '@pessoa/service/logging/logger';

/** The variable with the folder in which a test run keeps every log, until the scan at its end. */
export const LOGS_VARIABLE = 'PESSOA_TEST_LOGS';

/** The log of a process under test. The scan at the end of the run reads it too. */
export interface TestLog {
  readonly logger: Logger;
  /** All lines so far. */
  readonly lines: () => string[];
}

export function testLog({ service = 'test', level = 'info' }: { service?: string; level?: LogLevel } = {}): TestLog {
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
    keepLog(service, line);
  };
  return { logger: createLogger({ service, level, destination: { write } }), lines: () => lines };
}

/**
 * Keeps text for the scan.
 *
 * @param name of the process that wrote it
 * @param text whole lines
 */
export function keepLog(name: string, text: string | Uint8Array): void {
  const folder = process.env[LOGS_VARIABLE];
  if (folder !== undefined) appendFileSync(join(folder, `${name}-${process.pid}.log`), text);
}

/** Keeps for the scan what a process writes to its standard output and error. */
export function keepOutput(name: string, { stdout, stderr }: Pick<ChildProcess, 'stdout' | 'stderr'>): void {
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Uint8Array) => keepLog(name, chunk));
}

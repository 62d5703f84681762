import { readdirSync, readFileSync } from 'node:fs';
import { processEntry, type ProcessEntry } from '@pessoa/service/processes/process-table';

/** The processes of a system with this data folder: npm, its shell, the supervisor, the services and PostgreSQL. */
export function processesOf(home: string): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    const entry = processEntry(Number(name));
    return entry && environmentOf(name).includes(`\0PESSOA_HOME=${home}\0`) ? [entry] : [];
  });
}

function environmentOf(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`;
  } catch {
    return '';
  }
}

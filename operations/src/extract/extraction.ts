import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Acesso, AuditLog } from '@pessoa/audit/audit-log';
import type { Cpf } from '@pessoa/domain/cpf';
import type { MarkPerson } from '@pessoa/audit/person-marks';
import { type Data, systemClock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { catchPublicError } from '@pessoa/score/perfis/perfil-rows';
import type { PagedPerfil, PerfilPages } from '@pessoa/score/perfis/prisma-perfil-pages';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { ValueFault } from '@pessoa/subgraph/graphql/value-rules';
import type { Progress } from '../progress/progress.ts';
import { type ExtractionPart, type ExtractionState, writeState } from './extraction-state.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { type Format, writeRows } from './row-files.ts';
import { type Row, type TableName, tableNames } from './tables.ts';
import { trainingRowsOf } from './training-rows.ts';

/** People of a page: one round of statements. */
const PAGE_PEOPLE = 500;
/** Rows of the audit that are written at once. */
const RECORDS_MAX = 1_000;
/** The fields of `Pessoa` that a row shows. */
const CAMPOS = ['perfil'];

export interface ExtractionOptions {
  readonly folder: string;
  readonly pages: PerfilPages;
  /** Called after the people of a part were read, before anything of them is written. @throws when the pages may not be whole */
  readonly checkOrigin: () => Promise<void>;
  readonly auditLog: AuditLog;
  readonly viewer: Viewer;
  readonly pseudonyms: Pseudonyms;
  readonly markPerson: MarkPerson;
  /** People of a part: a file for each table and format. */
  readonly partPeople: number;
  /** The share of the time in which the command reads, above 0 to 1. After each page it waits for the rest. */
  readonly readingShare: number;
  readonly progress: Progress;
  /** Ends the run after the page that it reads. The run can go on later. */
  readonly signal: AbortSignal;
}

/**
 * Writes everybody after the position of the state, a part at a time. A part counts once its audit is committed, its files are written,
 * and then the state. A run that ended between two of these steps writes the same part again, and no second record.
 *
 * @returns the state at the end; not complete when the signal ended the run
 */
export async function extract(initial: ExtractionState, options: ExtractionOptions): Promise<ExtractionState> {
  const { folder, pages, checkOrigin, pseudonyms, partPeople, progress, signal } = options;
  let state = initial;
  let position = state.position === '' ? '' : pseudonyms.open(state.position);
  let done = state.parts.reduce((sum, { people }) => sum + people, 0);
  while (!state.isComplete) {
    const people: PagedPerfil[] = [];
    let isEnd = false;
    while (!isEnd && people.length < partPeople) {
      if (signal.aborted) return state;
      const startedAt = performance.now();
      const limit = Math.min(PAGE_PEOPLE, partPeople - people.length);
      const page = await pages.page(position, limit);
      people.push(...page.people);
      position = page.last ?? position;
      isEnd = page.isEnd;
      progress.update((done += page.people.length), `part ${state.parts.length + 1}`);
      if (!isEnd) await pause(performance.now() - startedAt, options);
    }
    // A replica that was copied anew meanwhile has had tables that were empty or not whole: they would look like people without incomes.
    await checkOrigin();
    const { part, unreadablePeople } = await writePart(people, state, options);
    state = {
      ...state,
      parts: part ? [...state.parts, part] : state.parts,
      unreadablePeople: state.unreadablePeople + unreadablePeople,
      position: position === '' ? '' : pseudonyms.seal(position),
      isComplete: isEnd,
    };
    await writeState(folder, state);
  }
  return state;
}

/** While the base is slow, pages take longer and pauses too: others have the rest of its time. */
const pause = (pageMillis: number, { readingShare, signal }: ExtractionOptions): Promise<void> =>
  sleep(pageMillis * (1 / readingShare - 1), undefined, { signal }).catch(() => {});

type PersonRows = ReturnType<typeof trainingRowsOf>;

async function writePart(
  people: readonly PagedPerfil[],
  { run, hoje, formats, parts }: ExtractionState,
  options: ExtractionOptions,
): Promise<{ part: ExtractionPart | undefined; unreadablePeople: number }> {
  if (people.length === 0) return { part: undefined, unreadablePeople: 0 };
  const rowsOfPeople = people.map(({ cpf, perfil }) => rowsOf(perfil, options.pseudonyms.keyOf(cpf), hoje as Data));
  // In the order of their pseudonyms: in that of their CPFs, a list of CPFs would tell who is who.
  const readable = rowsOfPeople.filter((rows) => rows !== undefined).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await recordReads(people, rowsOfPeople, run, options);
  const files: Record<string, string> = {};
  const rows: Record<string, number> = {};
  for (const table of tableNames) {
    const tableRows: Row[] = readable.flatMap((person) => person[table]);
    rows[table] = tableRows.length;
    for (const format of formats) {
      const name = fileName(table, parts.length + 1, format);
      files[name] = await writeRows(join(options.folder, name), format, table, tableRows);
    }
  }
  return { part: { people: people.length, rows, files }, unreadablePeople: people.length - readable.length };
}

const keyOf = ({ pessoas: [row] }: PersonRows): string => String(row![0]);

const fileName = (table: TableName, number: number, format: Format): string =>
  `${table}-${String(number).padStart(5, '0')}.${format}`;

/** @returns undefined for a profile that the score could not use either */
function rowsOf(perfil: PagedPerfil['perfil'], key: string, hoje: Data): PersonRows | undefined {
  if (perfil instanceof PublicError) return undefined;
  try {
    const rows = catchPublicError(() => trainingRowsOf(perfil, key, hoje));
    return rows instanceof PublicError ? undefined : rows;
  } catch (error) {
    if (error instanceof ValueFault) return undefined;
    throw error;
  }
}

async function recordReads(
  people: readonly { cpf: Cpf }[],
  rows: readonly (PersonRows | undefined)[],
  run: string,
  { auditLog, viewer, pseudonyms, markPerson }: ExtractionOptions,
): Promise<void> {
  const dataHora = systemClock.now();
  const records = people.map(({ cpf }, index): Acesso => ({
    id: pseudonyms.recordIdOf(cpf, run, rows[index] ? 'ATENDIDO' : 'FALHA'),
    ...markPerson(cpf),
    clientId: viewer.clientId,
    sujeito: viewer.sujeito,
    campos: rows[index] ? CAMPOS : [],
    finalidade: viewer.finalidade,
    consentimento: undefined,
    ordemJudicial: undefined,
    peloTitular: false,
    resultado: rows[index] ? 'ATENDIDO' : 'FALHA',
    dataHora,
    interacao: run,
    operacao: 'Extracao',
    servico: 'extracao',
  }));
  for (let start = 0; start < records.length; start += RECORDS_MAX)
    await auditLog.record(records.slice(start, start + RECORDS_MAX));
}

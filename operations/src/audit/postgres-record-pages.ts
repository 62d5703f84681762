import { type IdRange, idRangeOf } from '@pessoa/audit/id-range';
import type { PersonMarks } from '@pessoa/audit/person-marks';
import { camposOf, RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { SEAL_END } from '@pessoa/audit/seal-conditions';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Pool } from 'pg';
import type { Page, RecordFilter } from './audit-pages.ts';
import type { Row } from './formats.ts';

/** Few enough that the records of their people are committed well within AUDIT_TIMEOUT_MILLIS. */
const PAGE_ROWS = 500;

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A page of records, the oldest first. The text has the conditions of the question alone: for one that may be absent no index is used.
 *
 * @param ids of the records of the period
 * @param after the last record of the page before; undefined for the first page
 */
export function pageStatement(
  { cpfHash, clientId, finalidade, period }: RecordFilter,
  ids: IdRange,
  withPlaces: boolean,
  after?: { readonly instant: string; readonly id: string },
): Statement {
  const { least, greatest } = ids;
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const conditions = [
    // bpchar is the type of the column: PostgreSQL could not use its index for a comparison as text.
    cpfHash !== undefined && `a.cpf_hash = ${value(cpfHash)}::bpchar`,
    clientId !== undefined && `a.client_id = ${value(clientId)}`,
    finalidade !== undefined && `a.finalidade = ${value(finalidade)}`,
    // Never both: an index would be read from the first instant again for each page.
    after
      ? `(a.data_hora, a.id) > (${value(after.instant)}::timestamptz, ${value(after.id)}::uuid)`
      : `a.data_hora >= ${value(period.from.toISOString())}::timestamptz`,
    `a.data_hora < ${value(period.until.toISOString())}::timestamptz`,
    `a.id BETWEEN ${value(least)}::uuid AND ${value(greatest)}::uuid`,
  ].filter((condition) => condition !== false);
  const text = `
    SELECT ${RECORD_COLUMNS}, extract(epoch FROM ${SEAL_END})::text AS fim_do_sigilo,
           ${withPlaces ? 'l.place::text' : 'NULL'} AS indice
    FROM (SELECT * FROM public.acesso a WHERE ${conditions.join(' AND ')}
          ORDER BY a.data_hora, a.id LIMIT ${PAGE_ROWS}) a
    ${withPlaces ? 'LEFT JOIN transparency.leaf l ON l.acesso_id = a.id' : ''}
    ORDER BY a.data_hora, a.id`;
  return { text, values };
}

type PagedRow = RecordRow & { readonly indice: string | null; readonly fim_do_sigilo: string | null };

export async function* recordPages(pool: Pool, filter: RecordFilter, withPlaces: boolean): AsyncGenerator<Page> {
  let after: { instant: string; id: string } | undefined;
  let isEnd = false;
  const ids = await idRangeOf(pool, filter.period);
  while (!isEnd) {
    const { text, values } = pageStatement(filter, ids, withPlaces, after);
    const { rows } = await pool.query<PagedRow>(text, [...values]);
    const last = rows.at(-1);
    if (last) {
      yield {
        rows: rows.map((row) => rowOf(row, withPlaces)),
        people: peopleOf(rows),
      };
      after = { instant: readEpoch(last.segundos).toISOString(), id: last.id };
    }
    isEnd = rows.length < PAGE_ROWS;
  }
}

/** Each person once. One row of a person may have the CPF, and another, from before, the hash alone. */
function peopleOf(rows: readonly RecordRow[]): PersonMarks[] {
  const people = new Map<string, PersonMarks>();
  for (const { cpf_hash: cpfHash, cpf_cifrado: cifrado } of rows)
    people.set(cpfHash, { cpfHash, cpfCifrado: cifrado?.toString('hex') ?? people.get(cpfHash)?.cpfCifrado });
  return [...people.values()];
}

const instantOf = (epoch: string | null): string | null => (epoch === null ? null : readEpoch(epoch).toISOString());

function rowOf(row: PagedRow, withPlaces: boolean): Row {
  const values = [
    readEpoch(row.segundos).toISOString(), row.client_id, row.sujeito, row.finalidade, camposOf(row), row.consentimento,
    row.ordem_judicial, row.sigilo_referencia, instantOf(row.sigilo_ate), instantOf(row.fim_do_sigilo), row.pelo_titular, row.resultado, row.interacao, row.operacao, row.servico, row.cpf_hash,
  ]; // prettier-ignore
  return withPlaces ? [...values, row.indice === null ? null : Number(row.indice)] : values;
}

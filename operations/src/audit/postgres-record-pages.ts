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
 * @param after the last record of the page before; undefined for the first page
 */
export function pageStatement(
  { cpfHash, clientId, finalidade, period }: RecordFilter,
  withPlaces: boolean,
  after?: { readonly instant: string; readonly id: string },
): Statement {
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
  ].filter((condition) => condition !== false);
  const text = `
    SELECT a.id, a.cpf_hash, a.client_id, a.sujeito, array_to_json(a.campos)::text AS campos, a.finalidade, a.consentimento,
           a.ordem_judicial, a.pelo_titular, a.resultado, extract(epoch FROM a.data_hora)::text AS segundos, a.interacao,
           a.operacao, a.servico, ${withPlaces ? 'l.place::text' : 'NULL'} AS indice
    FROM (SELECT * FROM public.acesso a WHERE ${conditions.join(' AND ')}
          ORDER BY a.data_hora, a.id LIMIT ${PAGE_ROWS}) a
    ${withPlaces ? 'LEFT JOIN transparency.leaf l ON l.acesso_id = a.id' : ''}
    ORDER BY a.data_hora, a.id`;
  return { text, values };
}

type AcessoRow = Readonly<Record<'id' | 'cpf_hash' | 'client_id' | 'sujeito' | 'campos' | 'finalidade' | 'resultado' | 'segundos' | 'interacao' | 'operacao' | 'servico', string>> &
  Readonly<Record<'consentimento' | 'ordem_judicial' | 'indice', string | null>> & { readonly pelo_titular: boolean }; // prettier-ignore

export async function* recordPages(pool: Pool, filter: RecordFilter, withPlaces: boolean): AsyncGenerator<Page> {
  let after: { instant: string; id: string } | undefined;
  let isEnd = false;
  while (!isEnd) {
    const { text, values } = pageStatement(filter, withPlaces, after);
    const { rows } = await pool.query<AcessoRow>(text, [...values]);
    const last = rows.at(-1);
    if (last) {
      yield {
        rows: rows.map((row) => rowOf(row, withPlaces)),
        cpfHashes: [...new Set(rows.map((row) => row.cpf_hash))],
      };
      after = { instant: instantOf(last.segundos), id: last.id };
    }
    isEnd = rows.length < PAGE_ROWS;
  }
}

function rowOf(row: AcessoRow, withPlaces: boolean): Row {
  const values = [
    instantOf(row.segundos), row.client_id, row.sujeito, row.finalidade, JSON.parse(row.campos) as string[], row.consentimento,
    row.ordem_judicial, row.pelo_titular, row.resultado, row.interacao, row.operacao, row.servico, row.cpf_hash,
  ]; // prettier-ignore
  return withPlaces ? [...values, row.indice === null ? null : Number(row.indice)] : values;
}

/** @param seconds since 1970. As text, an instant would depend on the time zone and the date style of the session. */
export const instantOf = (seconds: string): string => new Date(Math.round(Number(seconds) * 1_000)).toISOString();

import { idRangeOf } from '@pessoa/audit/id-range';
import { openBoundedPool } from '@pessoa/postgres/bounded-acquire';
import { readingSettings } from '@pessoa/postgres/connection-pool';
import type { RecordedReads } from './recorded-reads.ts';

const ACQUIRE_MILLIS = 10_000;
const STATEMENT_MILLIS = 60_000;

// bpchar is the type of the column: PostgreSQL could not use its index for a comparison as text. Records of an extraction and of an
// auditor's question are not of a service, and a refused request reads nothing: they would hide a read of the same person.
const RECORDED = `
  SELECT EXISTS (
    SELECT FROM public.acesso a
    WHERE a.cpf_hash = r.cpf_hash AND a.data_hora BETWEEN r.since AND r.until
      AND a.id BETWEEN $4::uuid AND $5::uuid
      AND a.servico NOT IN ('extracao', 'auditoria') AND a.resultado <> 'NEGADO') AS recorded
  FROM unnest($1::bpchar[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS r (cpf_hash, since, until, position)
  ORDER BY r.position`;

/**
 * @param url of a role that may select from `acesso`
 * @param windowMillis how far a record may be from its read, before and after
 */
export function postgresRecordedReads(url: string, windowMillis: number): RecordedReads {
  const options = { url, connections: 1, acquireMillis: ACQUIRE_MILLIS, statementMillis: STATEMENT_MILLIS };
  const pool = openBoundedPool(options, readingSettings(STATEMENT_MILLIS));
  return {
    async areRecorded(reads) {
      const at = (millis: number): string[] =>
        reads.map(({ dataHora }) => new Date(dataHora.getTime() + millis).toISOString());
      const millis = reads.map(({ dataHora }) => dataHora.getTime());
      const { least, greatest } = await idRangeOf(pool, {
        from: new Date(millis.reduce((a, b) => Math.min(a, b), Infinity) - windowMillis),
        until: new Date(millis.reduce((a, b) => Math.max(a, b), -Infinity) + windowMillis),
      });
      const values = [reads.map(({ pessoa }) => pessoa), at(-windowMillis), at(windowMillis), least, greatest];
      const { rows } = await pool.query<{ recorded: boolean }>(RECORDED, values);
      return rows.map(({ recorded }) => recorded);
    },
    close: () => pool.end(),
  };
}

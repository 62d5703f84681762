import { type Clock, systemClock } from '@pessoa/domain/data';
import { readEpoch } from '@pessoa/postgres/sql-values';
import { StatementNames } from '@pessoa/postgres/statement-names';
import type { Pool } from 'pg';
import { idsSince } from './id-range.ts';
import { isOutOfSeal } from './seal-conditions.ts';

/** A row of the audit, with the columns that the person may see (Lei 12.414 art. 6). */
export interface RegisteredAccess {
  readonly id: string;
  readonly cpfHash: string;
  readonly clientId: string;
  readonly finalidade: string;
  readonly operacao: string;
  readonly peloTitular: boolean;
  readonly dataHora: Date;
}

export interface AccessQuery {
  readonly cpfHashes: readonly string[];
  /** The first instant. */
  readonly from?: Date | undefined;
  /** The end, exclusive. */
  readonly until?: Date | undefined;
  readonly finalidades?: readonly string[] | undefined;
  /** Whether to leave out what is no inquiry: reads by the person, extractions for models, questions of an auditor. Default false. */
  readonly thirdPartiesOnly?: boolean | undefined;
  /** Only rows older than this one; rows of the same instant are ordered by id. */
  readonly after?: { dataHora: Date; id: string } | undefined;
  /** The most rows for each person. */
  readonly limit: number;
}

/** Reads the audit. It finds answered reads only, because a refused or failed read showed no data, and none that is under seal. */
export interface AccessReader {
  /** The rows of all people together, newest first. */
  find(query: AccessQuery): Promise<RegisteredAccess[]>;
  /** The number of rows of each hash, counted up to `limit`; without rows 0. */
  count(query: Omit<AccessQuery, 'after' | 'limit'> & { limit: number }): Promise<Map<string, number>>;
  close(): Promise<void>;
}

const CONDITIONS = `
  a.cpf_hash = h.cpf_hash AND a.resultado IN ('ATENDIDO', 'PARCIAL')
  AND ($2::timestamptz IS NULL OR a.data_hora >= $2) AND ($3::timestamptz IS NULL OR a.data_hora < $3)
  AND ($4::text[] IS NULL OR a.finalidade = ANY ($4)) AND NOT ($5::boolean AND (a.pelo_titular OR a.servico IN ('extracao', 'auditoria')))
  AND ${isOutOfSeal('$6::timestamptz')}`;

/** With a first instant, the months before it are not read. */
const SINCE = `AND ${idsSince('$2::timestamptz')}`;

// bpchar is the type of the column: PostgreSQL could not use its index for a comparison as text.
const find = (ofMonths: string): string => `
  SELECT a.id, h.cpf_hash, a.client_id, a.finalidade, a.operacao, a.pelo_titular,
         extract(epoch FROM a.data_hora)::text AS segundos
  FROM unnest($1::bpchar[]) AS h (cpf_hash)
  CROSS JOIN LATERAL (
    SELECT * FROM public.acesso a
    WHERE ${CONDITIONS} ${ofMonths} AND ($7::timestamptz IS NULL OR (a.data_hora, a.id) < ($7, $8::uuid))
    ORDER BY a.data_hora DESC, a.id DESC LIMIT $9) a
  ORDER BY a.data_hora DESC, a.id DESC`;
const FIND = find('');
const FIND_SINCE = find(SINCE);

const count = (ofMonths: string): string => `
  SELECT h.cpf_hash, a.quantidade
  FROM unnest($1::bpchar[]) AS h (cpf_hash)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS quantidade FROM (SELECT FROM public.acesso a WHERE ${CONDITIONS} ${ofMonths} LIMIT $7) bounded) a`;
const COUNT = count('');
const COUNT_SINCE = count(SINCE);

/**
 * @param pool of a role that may select from `acesso`; `close` ends it
 * @param onNamesLost called once, when a connection pooler has lost a prepared statement
 * @param clock says which seals have ended
 */
export function postgresAccessReader(pool: Pool, onNamesLost?: () => void, clock: Clock = systemClock): AccessReader {
  const names = new StatementNames(onNamesLost);
  const conditions = (query: Omit<AccessQuery, 'after' | 'limit'>) => [
    query.cpfHashes,
    query.from?.toISOString() ?? null,
    query.until?.toISOString() ?? null,
    query.finalidades ?? null,
    query.thirdPartiesOnly ?? false,
    clock.now().toISOString(),
  ];
  return {
    async find(query) {
      const position = [query.after?.dataHora.toISOString() ?? null, query.after?.id ?? null, query.limit];
      const values = [...conditions(query), ...position];
      const rows = await names.rows<Record<string, never>>(pool, query.from ? FIND_SINCE : FIND, values);
      return rows.map((row) => ({
        id: row['id']!,
        cpfHash: row['cpf_hash']!,
        clientId: row['client_id']!,
        finalidade: row['finalidade']!,
        operacao: row['operacao']!,
        peloTitular: row['pelo_titular']!,
        // As text, an instant would depend on the time zone and the date style of the session.
        dataHora: readEpoch(row['segundos']!),
      }));
    },
    async count({ limit, ...query }) {
      const values = [...conditions(query), limit];
      const rows = await names.rows<{ cpf_hash: string; quantidade: number }>(
        pool,
        query.from ? COUNT_SINCE : COUNT,
        values,
      );
      return new Map(rows.map((row) => [row.cpf_hash, row.quantidade]));
    },
    close: () => pool.end(),
  };
}

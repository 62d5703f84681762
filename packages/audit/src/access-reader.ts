import type { Pool } from 'pg';

/** A read of a person as the person may see it (Lei 12.414 art. 6). */
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
  /** From this instant, inclusive. */
  readonly from?: Date | undefined;
  /** To this instant, exclusive. */
  readonly to?: Date | undefined;
  readonly finalidades?: readonly string[] | undefined;
  /** Leave out what the person read themselves. */
  readonly thirdPartiesOnly?: boolean | undefined;
  /** Only what comes after this position, newest first. */
  readonly after?: { dataHora: Date; id: string } | undefined;
  /** Rows a person, at most. */
  readonly limit: number;
}

/** Reads answered by us, newest first. Refused and failed ones showed nothing, so they are not among them. */
export interface AccessReader {
  find(query: AccessQuery): Promise<RegisteredAccess[]>;
  /** Rows for each hash that has any, counted up to `upTo`. */
  count(query: Omit<AccessQuery, 'after' | 'limit'> & { upTo: number }): Promise<Map<string, number>>;
  close(): Promise<void>;
}

const CONDITIONS = `
  a.cpf_hash = h.cpf_hash AND a.resultado IN ('ATENDIDO', 'PARCIAL')
  AND ($2::timestamptz IS NULL OR a.data_hora >= $2) AND ($3::timestamptz IS NULL OR a.data_hora < $3)
  AND ($4::text[] IS NULL OR a.finalidade = ANY ($4)) AND NOT ($5::boolean AND a.pelo_titular)`;

// bpchar, as the column is: compared as text, it could not use its index.
const FIND = `
  SELECT a.id, h.cpf_hash, a.client_id, a.finalidade, a.operacao, a.pelo_titular,
         extract(epoch FROM a.data_hora)::text AS segundos
  FROM unnest($1::bpchar[]) AS h (cpf_hash)
  CROSS JOIN LATERAL (
    SELECT * FROM public.acesso a
    WHERE ${CONDITIONS} AND ($6::timestamptz IS NULL OR (a.data_hora, a.id) < ($6, $7::uuid))
    ORDER BY a.data_hora DESC, a.id DESC LIMIT $8) a
  ORDER BY a.data_hora DESC, a.id DESC`;

const COUNT = `
  SELECT h.cpf_hash, a.quantidade
  FROM unnest($1::bpchar[]) AS h (cpf_hash)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS quantidade FROM (SELECT FROM public.acesso a WHERE ${CONDITIONS} LIMIT $6) bounded) a`;

/** @param pool of a role that may select from `acesso`; it is ended with the reader */
export function postgresAccessReader(pool: Pool): AccessReader {
  const conditions = (query: Omit<AccessQuery, 'after' | 'limit'>) => [
    query.cpfHashes,
    query.from?.toISOString() ?? null,
    query.to?.toISOString() ?? null,
    query.finalidades ?? null,
    query.thirdPartiesOnly ?? false,
  ];
  return {
    async find(query) {
      const position = [query.after?.dataHora.toISOString() ?? null, query.after?.id ?? null, query.limit];
      const { rows } = await pool.query<Record<string, never>>(FIND, [...conditions(query), ...position]);
      return rows.map((row) => ({
        id: row['id']!,
        cpfHash: row['cpf_hash']!,
        clientId: row['client_id']!,
        finalidade: row['finalidade']!,
        operacao: row['operacao']!,
        peloTitular: row['pelo_titular']!,
        // An instant as text would be in the time zone and style of the session, whoever set it.
        dataHora: new Date(Math.round(Number(row['segundos']) * 1_000)),
      }));
    },
    async count({ upTo, ...query }) {
      const { rows } = await pool.query<{ cpf_hash: string; quantidade: number }>(COUNT, [...conditions(query), upTo]);
      return new Map(rows.map((row) => [row.cpf_hash, row.quantidade]));
    },
    close: () => pool.end(),
  };
}

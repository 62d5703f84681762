import { idRangeOf } from '@pessoa/audit/id-range';
import { isUnderSeal } from '@pessoa/audit/seal-conditions';
import { type Clock, systemClock } from '@pessoa/domain/data';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Pool } from 'pg';
import type { IncidentFilter, Page } from './audit-pages.ts';

const PEOPLE = `
  DECLARE people NO SCROLL CURSOR FOR
  SELECT a.cpf_hash, max(encode(a.cpf_cifrado, 'hex')) AS cpf_cifrado, count(*)::text AS acessos, extract(epoch FROM min(a.data_hora))::text AS primeiro,
         extract(epoch FROM max(a.data_hora))::text AS ultimo,
         array_to_json(array_agg(DISTINCT array_to_string(a.campos, ' ')))::text AS campos,
         array_to_json(array_agg(DISTINCT a.client_id))::text AS clientes,
         (count(*) FILTER (WHERE ${isUnderSeal('$3::timestamptz')}))::text AS em_sigilo
  FROM public.acesso a
  WHERE a.data_hora >= $1::timestamptz AND a.data_hora < $2::timestamptz AND a.id BETWEEN $4::uuid AND $5::uuid
    AND a.resultado IN ('ATENDIDO', 'PARCIAL') AND `;
const OF_ALL = `a.servico <> 'auditoria'`;
const OF_CLIENT = 'a.client_id = $6';

/** As many as of records. */
const PAGE_PEOPLE = 500;

type PersonRow = Readonly<
  Record<'cpf_hash' | 'acessos' | 'primeiro' | 'ultimo' | 'campos' | 'clientes' | 'em_sigilo', string>
> & {
  readonly cpf_cifrado: string | null;
};

/**
 * The people of an incident, each with what was read and by whom, a page at a time. PostgreSQL groups and sorts them once, on its disk
 * where they are many, and a cursor reads on from there: a query for each page would group all of them again.
 *
 * @param clock says which reads are under seal: whoever tells the people must not tell of these
 */
export async function* affectedPeople(
  pool: Pool,
  { clientId, period }: IncidentFilter,
  clock: Clock = systemClock,
): AsyncGenerator<Page> {
  const client = await pool.connect();
  let isCommitted = false;
  try {
    await client.query('BEGIN');
    // Between two pages it waits for whoever reads the output. All rows are wanted, not the first ones soon.
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query('SET LOCAL cursor_tuple_fraction = 1');
    const { least, greatest } = await idRangeOf(client, period);
    const bounds = [period.from.toISOString(), period.until.toISOString(), clock.now().toISOString(), least, greatest];
    await client.query(
      `${PEOPLE}${clientId === undefined ? OF_ALL : OF_CLIENT} GROUP BY a.cpf_hash ORDER BY a.cpf_hash`,
      clientId === undefined ? bounds : [...bounds, clientId],
    );
    let isEnd = false;
    while (!isEnd) {
      const { rows } = await client.query<PersonRow>(`FETCH ${PAGE_PEOPLE} FROM people`);
      if (rows.length > 0) yield pageOf(rows);
      isEnd = rows.length < PAGE_PEOPLE;
    }
    await client.query('COMMIT');
    isCommitted = true;
  } finally {
    client.release(!isCommitted);
  }
}

const pageOf = (rows: readonly PersonRow[]): Page => ({
  people: rows.map((row) => ({ cpfHash: row.cpf_hash, cpfCifrado: row.cpf_cifrado ?? undefined })),
  rows: rows.map((row) => [
    row.cpf_hash,
    Number(row.acessos),
    readEpoch(row.primeiro).toISOString(),
    readEpoch(row.ultimo).toISOString(),
    [...new Set((JSON.parse(row.campos) as string[]).flatMap((campos) => campos.split(' ')))].filter(Boolean).toSorted(), // prettier-ignore
    JSON.parse(row.clientes) as string[],
    Number(row.em_sigilo),
  ]),
});

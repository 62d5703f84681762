import { camposOf } from '@pessoa/audit/record-row';
import { isDecisionRecord, isRecordOf } from '@pessoa/audit/seal-decision';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { ClientBase } from 'pg';
import { named } from '../named-statement.ts';
import type { PlacedRow } from './chain-check.ts';
import type { RecordFault } from './record-check.ts';

const DECIDED = 'SELECT acesso_id FROM transparency.seal_decision WHERE acesso_id = ANY ($1::uuid[])';

/**
 * Looks for records of decisions on seals whose decisions are gone: a seal would end at another time than the log says.
 *
 * @param rows of leaves, with their records where those are there
 */
export async function findLostDecisions(db: ClientBase, rows: readonly PlacedRow[]): Promise<RecordFault[]> {
  const deciding = rows.filter((row) => row.id !== null && isDecisionRecord(row));
  if (deciding.length === 0) return [];
  const { rows: found } = await db.query<{ acesso_id: string }>(named(DECIDED, [deciding.map(({ id }) => id)]));
  const decided = new Set(found.map(({ acesso_id: id }) => id));
  return deciding.filter(({ id }) => !decided.has(id!)).map(({ place }) => ({ kind: 'seal', at: place }));
}

const DECISIONS = `
  SELECT d.position::text, d.acesso_id, d.client_id, d.reference, extract(epoch FROM d.decided_at)::text AS decided_at,
         extract(epoch FROM d.ends_at)::text AS ends_at, a.servico, a.operacao, a.resultado,
         array_to_json(a.campos)::text AS campos, extract(epoch FROM a.data_hora)::text AS segundos
  FROM transparency.seal_decision d LEFT JOIN public.acesso a ON a.id = d.acesso_id
  WHERE $1::bigint IS NULL OR d.position > $1 ORDER BY d.position LIMIT $2`;

type DecisionRow = Readonly<
  Record<'position' | 'acesso_id' | 'client_id' | 'reference' | 'decided_at' | 'ends_at', string>
> &
  (Readonly<Record<'servico' | 'operacao' | 'resultado' | 'campos' | 'segundos', string>> | { readonly servico: null });

/** Decisions of one page. */
const PAGE_DECISIONS = 1_000;

/**
 * Looks for decisions on seals that no record of the audit says, which somebody put there or changed around the trigger. That the record is
 * what the log holds is checked with the other records.
 *
 * @param after the position with which the last page ended; undefined for the first page
 * @returns the last position of the page; undefined after the last page
 */
export async function findFalseDecisions(
  db: ClientBase,
  after: string | undefined,
): Promise<{ faults: RecordFault[]; last: string | undefined }> {
  const { rows } = await db.query<DecisionRow>(named(DECISIONS, [after ?? null, PAGE_DECISIONS]));
  return {
    faults: rows.filter((row) => !isRecorded(row)).map(({ acesso_id: at }) => ({ kind: 'seal', at })),
    last: rows.length < PAGE_DECISIONS ? undefined : rows.at(-1)!.position,
  };
}

function isRecorded(row: DecisionRow): boolean {
  if (row.servico === null) return false;
  const { client_id: clientId, reference: referencia } = row;
  return isRecordOf(
    { ...row, campos: camposOf(row), dataHora: readEpoch(row.segundos) },
    { clientId, referencia, decidedAt: readEpoch(row.decided_at), endsAt: readEpoch(row.ends_at) },
  );
}

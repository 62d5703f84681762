import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { type AuditRecord, toRecord } from '../records/audit-record.ts';
import { inclusionProofs } from '@pessoa/transparency-log/tree/tree-proofs';
import type { Pool } from 'pg';
import { latestCheckpoint } from '../checkpoints/published-checkpoints.ts';
import { readTiles } from '../tree/stored-tree.ts';

/** Whose records of which interaction. All three must be right: another's record is like one that is not there. */
export interface ProofQuery {
  readonly interacao: string;
  readonly clientId: string;
  readonly sujeito: string;
  /** Only records whose id is greater. Default: from the first. */
  readonly after: string | undefined;
}

/** The proof that a record is in the tree of a checkpoint (RFC 6962). Bytes are in base64. */
export interface InclusionProof {
  readonly indice: number;
  readonly checkpoint: string;
  readonly inclusao: readonly string[];
}

export interface ProvenRecord {
  readonly registro: AuditRecord;
  readonly nonce: string;
  readonly prova: InclusionProof;
}

/** The most records of an answer. */
const PAGE_RECORDS = 1_000;

const FIND = `
  SELECT ${RECORD_COLUMNS}, l.place, l.nonce
  FROM public.acesso a LEFT JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.interacao = $1 AND a.client_id = $2 AND a.sujeito = $3 AND ($4::uuid IS NULL OR a.id > $4)
  ORDER BY a.id LIMIT ${PAGE_RECORDS + 1}`;

type FoundRow = RecordRow & { readonly place: string | null; readonly nonce: Buffer | null };

export interface ProvenPage {
  /** At most 1,000, by id; empty when no record is of the query. */
  readonly records: readonly ProvenRecord[];
  readonly hasMore: boolean;
}

/** @returns `pending` while a record of the page is under no published checkpoint */
export async function proveRecords(db: Pool, query: ProofQuery): Promise<ProvenPage | 'pending'> {
  const values = [query.interacao, query.clientId, query.sujeito, query.after ?? null];
  const found = (await db.query<FoundRow>(FIND, values)).rows;
  const rows = found.slice(0, PAGE_RECORDS);
  if (rows.length === 0) return { records: [], hasMore: false };
  const published = await latestCheckpoint(db);
  const places = rows.map(({ place }) => (place === null ? Number.POSITIVE_INFINITY : Number(place)));
  if (!published || places.some((place) => place >= published.size)) return 'pending';
  const proofs = await inclusionProofs(places, published.size, (ids) => readTiles(db, ids));
  const records = rows.map((row, at) => ({
    registro: toRecord(row, row.nonce!),
    nonce: row.nonce!.toString('base64'),
    prova: {
      indice: places[at]!,
      checkpoint: published.note,
      inclusao: proofs[at]!.map((hash) => Buffer.from(hash).toString('base64')),
    },
  }));
  return { records, hasMore: found.length > PAGE_RECORDS };
}

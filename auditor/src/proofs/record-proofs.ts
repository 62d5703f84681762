import { setImmediate as nextTurn } from 'node:timers/promises';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { isOutOfSeal } from '@pessoa/audit/seal-conditions';
import { encodeBase64 } from '@pessoa/transparency-log/notes/base64';
import { inclusionProofs } from '@pessoa/transparency-log/tree/tree-proofs';
import type { Pool } from 'pg';
import { latestCheckpoint } from '../checkpoints/published-checkpoints.ts';
import { named } from '../named-statement.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { type AuditRecord, CHAIN_COLUMNS, type ChainRow, chainPlaceOf, toRecord } from '../records/audit-record.ts';
import { readTiles } from '../tree/stored-tree.ts';

/** Whose records of which interaction. All three must be right: another's record is like one that is not there. */
export interface ProofQuery {
  readonly interacao: string;
  readonly clientId: string;
  readonly sujeito: string;
  /** Only records whose id is greater. Default: from the first. */
  readonly after: string | undefined;
  /** Without the records that are under seal at this instant. Default: with them. */
  readonly unsealedAt?: Date | undefined;
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
  /** Of a record that is in a chain: the salt of its `sujeito`. The nonce is the salt of others. */
  readonly salSujeito?: string;
  readonly prova: InclusionProof;
  /** Of a record that is in a chain: the proof of the VRF that the chain is that of the CPF. Undefined when the row has no CPF any more. */
  readonly pessoa?: string;
}

/** The most records of an answer. */
const PAGE_RECORDS = 1_000;
/** The most people of an answer: to prove whose a chain is takes two milliseconds for each. */
const PAGE_PEOPLE = 100;

const FIND = `
  SELECT ${RECORD_COLUMNS}, ${CHAIN_COLUMNS}, l.place, l.nonce
  FROM public.acesso a LEFT JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.interacao = $1 AND a.client_id = $2 AND a.sujeito = $3 AND ($4::uuid IS NULL OR a.id > $4) AND l.erased_by IS NULL
    AND ($5::timestamptz IS NULL OR ${isOutOfSeal('$5::timestamptz')})
  ORDER BY a.id LIMIT ${PAGE_RECORDS + 1}`;

type FoundRow = RecordRow & ChainRow & { readonly place: string | null; readonly nonce: Buffer | null };

export interface ProvenPage {
  /** By id; empty when no record is of the query. */
  readonly records: readonly ProvenRecord[];
  readonly hasMore: boolean;
}

/** @returns `pending` while a record of the page is under no published checkpoint */
export async function proveRecords(db: Pool, keys: PersonKeys, query: ProofQuery): Promise<ProvenPage | 'pending'> {
  const values = [
    query.interacao,
    query.clientId,
    query.sujeito,
    query.after ?? null,
    query.unsealedAt?.toISOString() ?? null,
  ];
  const found = (await db.query<FoundRow>(named(FIND, values))).rows;
  const rows = pageOf(found);
  if (rows.length === 0) return { records: [], hasMore: false };
  const published = await latestCheckpoint(db);
  const places = rows.map(({ place }) => (place === null ? Number.POSITIVE_INFINITY : Number(place)));
  if (!published || places.some((place) => place >= published.size)) return 'pending';
  const proofs = await inclusionProofs(places, published.size, (ids) => readTiles(db, ids));
  const people = await provePeople(rows, keys);
  const records = rows.map((row, at) => ({
    registro: toRecord(row, row.nonce!, chainPlaceOf(row), keys),
    nonce: encodeBase64(row.nonce!),
    ...(row.person_index !== null && { salSujeito: encodeBase64(keys.subjectSalt(row.nonce!)) }),
    prova: {
      indice: places[at]!,
      checkpoint: published.note,
      inclusao: proofs[at]!.map(encodeBase64),
    },
    ...people[at],
  }));
  return { records, hasMore: found.length > rows.length };
}

/** The first rows that fit into an answer. */
function pageOf(found: readonly FoundRow[]): FoundRow[] {
  const people = new Set<string>();
  const end = found.findIndex((row, at) => at === PAGE_RECORDS || people.add(row.cpf_hash).size > PAGE_PEOPLE);
  return end < 0 ? [...found] : found.slice(0, end);
}

type PersonProof = Pick<ProvenRecord, 'pessoa'>;

/** Proves whose the records are, one after the other: others are answered meanwhile. */
async function provePeople(rows: readonly FoundRow[], keys: PersonKeys): Promise<PersonProof[]> {
  const proofs: PersonProof[] = [];
  for (const row of rows) {
    proofs.push(personOf(row, keys));
    await nextTurn();
  }
  return proofs;
}

function personOf(row: FoundRow, { cpfOf, proveIndex }: PersonKeys): PersonProof {
  const cpf = row.person_index === null ? undefined : cpfOf(row);
  return cpf === undefined ? {} : { pessoa: encodeBase64(proveIndex(cpf).proof) };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { isOutOfSeal } from '@pessoa/audit/seal-conditions';
import { encodeBase64 } from '@pessoa/transparency-log/notes/base64';
import { LATEST_CHECKPOINT } from '../checkpoints/published-checkpoints.ts';
import { named } from '../named-statement.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { type AuditRecord, CHAIN_COLUMNS, type ChainRow, chainPlaceOf, toRecord } from '../records/audit-record.ts';
import type { ProofSources } from './proof-sources.ts';
import { provePlaces } from './prove-places.ts';

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
/** The most people of an answer: to prove whose a chain is takes two milliseconds for each whose proof is not stored yet. */
const PAGE_PEOPLE = 100;

/**
 * An interaction may have records in every month, so each is asked. OFFSET 0 keeps what is done with the records found out of the months: a plan has
 * the expressions of its SELECT and its WHERE once for each of them otherwise, and spends more time with these than with the look-up.
 */
const find = (after: string): string => `
  SELECT ${RECORD_COLUMNS}, ${CHAIN_COLUMNS}, l.place, l.nonce, l.entry, v.proof, published.size, published.note
  FROM (SELECT * FROM public.acesso WHERE interacao = $1 ${after} OFFSET 0) a
  LEFT JOIN transparency.leaf l ON l.acesso_id = a.id
  LEFT JOIN transparency.person_proof v ON v.person_index = l.person_index
  LEFT JOIN (${LATEST_CHECKPOINT}) published ON true
  WHERE a.client_id = $2 AND a.sujeito = $3 AND l.erased_by IS NULL
    AND ($4::timestamptz IS NULL OR ${isOutOfSeal('$4::timestamptz')})
  ORDER BY a.id LIMIT ${PAGE_RECORDS + 1}`;
const FIND = find('');
const FIND_AFTER = find('AND id > $5');

type FoundRow = RecordRow &
  ChainRow & {
    readonly place: string | null;
    readonly nonce: Buffer | null;
    readonly entry: Buffer | null;
    /** The stored proof of the person's index. */
    readonly proof: Buffer | null;
    /** The newest checkpoint, in each row the same. */
    readonly size: string | null;
    readonly note: string | null;
  };

export interface ProvenPage {
  /** By id; empty when no record is of the query. */
  readonly records: readonly ProvenRecord[];
  readonly hasMore: boolean;
}

/** @returns `pending` while a record of the page is under no published checkpoint */
export async function proveRecords(
  { db, keys, readTiles }: ProofSources,
  { interacao, clientId, sujeito, after, unsealedAt }: ProofQuery,
): Promise<ProvenPage | 'pending'> {
  const values = [interacao, clientId, sujeito, unsealedAt?.toISOString() ?? null];
  const statement = after === undefined ? named(FIND, values) : named(FIND_AFTER, [...values, after]);
  const found = (await db.query<FoundRow>(statement)).rows;
  const rows = pageOf(found);
  const [first] = rows;
  if (!first) return { records: [], hasMore: false };
  const size = Number(first.size ?? 0);
  const places = rows.map(({ place }) => (place === null ? Number.POSITIVE_INFINITY : Number(place)));
  if (places.some((place) => place >= size)) return 'pending';
  const entries = rows.map((row, at) => ({ place: places[at]!, entry: row.entry! }));
  const proofs = await provePlaces(db, entries, { size, note: first.note! }, readTiles);
  const people = await provePeople(rows, keys);
  const records = rows.map((row, at) => ({
    registro: toRecord(row, row.nonce!, chainPlaceOf(row), keys),
    nonce: encodeBase64(row.nonce!),
    ...(row.person_index !== null && { salSujeito: encodeBase64(keys.subjectSalt(row.nonce!)) }),
    prova: {
      indice: places[at]!,
      checkpoint: first.note!,
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

function personOf(row: FoundRow, { cpfOf, proveIndex, readProof }: PersonKeys): PersonProof {
  const cpf = row.person_index === null ? undefined : cpfOf(row);
  if (row.person_index === null || cpf === undefined) return {};
  const stored = row.proof && readProof(cpf, row.person_index, row.proof);
  return { pessoa: encodeBase64(stored ?? proveIndex(cpf).proof) };
}

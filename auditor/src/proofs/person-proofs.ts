import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { isUnderSeal } from '@pessoa/audit/seal-conditions';
import type { Cpf } from '@pessoa/domain/cpf';
import type { MapEntry } from '@pessoa/transparency-log/map/map-entry';
import { proveEntry } from '@pessoa/transparency-log/map/map-proofs';
import { EMPTY_LINK } from '@pessoa/transparency-log/map/person-chain';
import { encodeBase64 } from '@pessoa/transparency-log/notes/base64';
import type { ClientBase, Pool } from 'pg';
import { hasMap, latestCheckpoint } from '../checkpoints/published-checkpoints.ts';
import { named } from '../named-statement.ts';
import { nodesAt } from '../people/map-nodes.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { findProof } from '../people/stored-proofs.ts';
import { type AuditRecord, CHAIN_COLUMNS, type ChainRow, chainPlaceOf, toRecord } from '../records/audit-record.ts';
import { inSnapshot } from './in-snapshot.ts';

/** A record in the chain of a person. Bytes are in base64. */
export interface ChainedRecord {
  readonly numero: number;
  readonly entrada: string;
  /** Why the entry is all that is shown: the record is under seal, an erasure took it, or it is gone without one. Undefined with the record. */
  readonly conteudo?: 'EM_SIGILO' | 'ELIMINADO' | 'REMOVIDO';
  readonly registro?: AuditRecord;
  readonly nonce?: string;
  /** Its place in the tree. */
  readonly indice: number;
}

interface ShownEntry {
  readonly indice: string;
  readonly quantidade: number;
  readonly cabeca: string;
}

/** All records of a person, and the proof that they are all. */
export interface PersonAnswer {
  readonly checkpoint: string;
  /** The proof of the VRF that the index is that of the CPF. */
  readonly indice: string;
  /** The number of records in the chain; 0 when the map has no entry of the person. */
  readonly quantidade: number;
  readonly cabeca: string;
  /** The hashes beside the way in the map, from the entry up to the root. */
  readonly mapa: readonly string[];
  /** Without an entry: the one that stands where it would be. */
  readonly outro?: ShownEntry;
  readonly registros: readonly ChainedRecord[];
  /** The `depois` of the next page; undefined at the end. */
  readonly proximo?: number;
}

/** The most records of an answer. */
const PAGE_RECORDS = 1_000;

// Each record is read by its id: PostgreSQL may read all months for a usual join.
const CHAIN = `
  SELECT l.place, l.nonce, l.entry, ${CHAIN_COLUMNS}, ${RECORD_COLUMNS},
         ${isUnderSeal('$4::timestamptz')} AS is_sealed
  FROM transparency.leaf l
  LEFT JOIN LATERAL (SELECT * FROM public.acesso r WHERE r.id = l.acesso_id LIMIT 1) a ON true
  WHERE l.person_index = $1 AND l.number > $2 AND l.number <= $3 ORDER BY l.number LIMIT ${PAGE_RECORDS}`;

type ChainedRow = ChainRow & { readonly place: string; readonly nonce: Buffer | null; readonly entry: Buffer } & (
    (RecordRow & { readonly is_sealed: boolean }) | { readonly id: null }
  );

/**
 * The records of a person under the newest published checkpoint, with the proof that there are no others. Of one under seal, the person
 * gets the entry alone.
 *
 * @param now says which seals have ended
 * @param after the number of the last record that is left out; 0 for none
 * @returns `pending` when no checkpoint with a map is published
 */
export async function provePerson(
  db: Pool,
  keys: PersonKeys,
  cpf: Cpf,
  after: number,
  now: Date,
): Promise<PersonAnswer | 'pending'> {
  return inSnapshot(db, async (client) => {
    const { index, proof } = await findProof(client, keys, cpf);
    const published = await latestCheckpoint(client);
    if (!published || !hasMap(published)) return 'pending';
    const { entry, other, siblings } = await proveEntry(index, nodesAt(client, published.size));
    const count = entry?.count ?? 0;
    const records = after < count ? await recordsOf(client, keys, { index, after, count, now }) : [];
    const last = records.at(-1)?.numero ?? count;
    return {
      checkpoint: published.note,
      indice: encodeBase64(proof),
      quantidade: count,
      cabeca: encodeBase64(entry?.head ?? EMPTY_LINK),
      mapa: siblings.map(encodeBase64),
      ...(other && { outro: shownEntry(other) }),
      registros: records,
      ...(last < count && { proximo: last }),
    };
  });
}

async function recordsOf(
  db: ClientBase,
  keys: PersonKeys,
  { index, after, count, now }: { index: Uint8Array; after: number; count: number; now: Date },
): Promise<ChainedRecord[]> {
  const { rows } = await db.query<ChainedRow>(named(CHAIN, [index, after, count, now.toISOString()]));
  return rows.map((row) => ({
    numero: Number(row.number),
    entrada: encodeBase64(row.entry),
    ...contentOf(row, keys),
    indice: Number(row.place),
  }));
}

function contentOf(row: ChainedRow, keys: PersonKeys): Pick<ChainedRecord, 'conteudo' | 'registro' | 'nonce'> {
  // An erasure takes the row and the nonce. The check of the whole log says whether it reached so far.
  if (row.id === null && row.nonce === null) return { conteudo: 'ELIMINADO' };
  if (row.id === null || row.nonce === null) return { conteudo: 'REMOVIDO' };
  // With the nonce alone, the person could try out what was read.
  if (row.is_sealed) return { conteudo: 'EM_SIGILO' };
  return { registro: toRecord(row, row.nonce, chainPlaceOf(row), keys), nonce: encodeBase64(row.nonce) };
}

const shownEntry = ({ index, count, head }: MapEntry): ShownEntry => ({
  indice: encodeBase64(index),
  quantidade: count,
  cabeca: encodeBase64(head),
});

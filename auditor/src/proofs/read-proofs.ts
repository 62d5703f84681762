import type { ReadProof, ReadProofs, ReadProofsRequest } from '@pessoa/audit/read-proofs';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { isOutOfSeal } from '@pessoa/audit/seal-conditions';
import type { Cpf } from '@pessoa/domain/cpf';
import { encodeBase64 } from '@pessoa/transparency-log/notes/base64';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import type { ClientBase } from 'pg';
import { checkpointOf, latestCheckpoint, type PublishedCheckpoint } from '../checkpoints/published-checkpoints.ts';
import { named } from '../named-statement.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { canonicalOf, CHAIN_COLUMNS, type ChainRow, chainPlaceOf, toRecord } from '../records/audit-record.ts';
import { findProof } from '../people/stored-proofs.ts';
import { inSnapshot } from './in-snapshot.ts';
import type { ProofSources } from './proof-sources.ts';
import { provePlaces } from './prove-places.ts';

/** The rows of a person alone: the id of another's record finds nothing, nor does that of a read under seal. */
const FIND = `
  SELECT ${RECORD_COLUMNS}, ${CHAIN_COLUMNS}, l.place, l.nonce, l.entry
  FROM public.acesso a LEFT JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.id = ANY ($1::uuid[]) AND a.cpf_hash = $2 AND l.erased_by IS NULL
    AND ${isOutOfSeal('$3::timestamptz')}`;

type FoundRow = RecordRow &
  ChainRow & { readonly place: string | null; readonly nonce: Buffer | null; readonly entry: Buffer | null };

/** A record with a place under the checkpoint, in the chain of the person. */
interface PlacedRow extends FoundRow {
  readonly place: string;
  readonly nonce: Buffer;
  readonly entry: Buffer;
}

/** What is not proven yet is the state of its proof. */
type Judged = PlacedRow | Exclude<ReadProof['estado'], 'PROVADA'>;

/**
 * Proves reads of one person, by the ids of their records, under one checkpoint. A record of another person, and one under seal, is like one
 * that is not there.
 *
 * @param now says which seals have ended
 * @returns undefined when no checkpoint of the size that is asked for is published
 */
export function proveReads(
  sources: ProofSources,
  cpf: Cpf,
  { registros, tamanho }: ReadProofsRequest,
  now: Date,
): Promise<ReadProofs | undefined> {
  const { db, keys } = sources;
  return inSnapshot(db, async (client) => {
    const { index, proof } = await findProof(client, keys, cpf);
    const published = tamanho === undefined ? await latestCheckpoint(client) : await checkpointOf(client, tamanho);
    if (!published && tamanho !== undefined) return undefined;
    const { rows } = await client.query<FoundRow>(named(FIND, [registros, keys.hashOf(cpf), now.toISOString()]));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const judged = registros.map((id) => judge(byId.get(id.toLowerCase()), index, published?.size ?? 0));
    return {
      checkpoint: published ? { nota: published.note, tamanho: published.size } : null,
      pessoa: encodeBase64(proof),
      provas: published ? await proveAll(client, judged, published, sources) : judged.map(unproven),
    };
  });
}

function judge(row: FoundRow | undefined, index: Uint8Array, size: number): Judged {
  if (!row) return 'DESCONHECIDA';
  if (row.place === null || Number(row.place) >= size) return 'PENDENTE';
  if (row.person_index === null) return 'SEM_NUMERO';
  // Its row says this person, and its entry another one: somebody changed the row.
  if (!isSameHash(row.person_index, index)) return 'DESCONHECIDA';
  return { ...row, place: row.place, nonce: row.nonce!, entry: row.entry! };
}

async function proveAll(
  db: ClientBase,
  judged: readonly Judged[],
  published: PublishedCheckpoint,
  { keys, readTiles }: ProofSources,
): Promise<ReadProof[]> {
  const entries = judged.flatMap((row) => (isPlaced(row) ? [{ place: Number(row.place), entry: row.entry }] : []));
  const proofs = (await provePlaces(db, entries, published, readTiles)).values();
  return judged.map((row) => (isPlaced(row) ? proven(row, proofs.next().value!, keys) : unproven(row)));
}

const isPlaced = (judged: Judged): judged is PlacedRow => typeof judged !== 'string';

const unproven = (judged: Judged): ReadProof => ({ estado: isPlaced(judged) ? 'PENDENTE' : judged });

const proven = (row: PlacedRow, inclusion: readonly Uint8Array[], keys: PersonKeys): ReadProof => ({
  estado: 'PROVADA',
  indice: Number(row.place),
  inclusao: inclusion.map(encodeBase64),
  registro: Buffer.from(canonicalOf(toRecord(row, row.nonce, chainPlaceOf(row), keys))).toString(),
  nonce: encodeBase64(row.nonce),
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordRow } from '@pessoa/audit/record-row';
import type { Cpf } from '@pessoa/domain/cpf';
import type { ClientBase } from 'pg';
import { named } from '../named-statement.ts';
import type { PersonKeys } from './person-keys.ts';
import type { ProvenIndex } from './proof-cipher.ts';

const FIND = `
  SELECT p.person_index, v.proof FROM transparency.person p JOIN transparency.person_proof v ON v.person_index = p.person_index
  WHERE p.cpf_hash = $1::bpchar`;

/** The index of a person with its proof: the stored one, and otherwise computed. */
export async function findProof(db: ClientBase, keys: PersonKeys, cpf: Cpf): Promise<ProvenIndex> {
  const { rows } = await db.query<{ person_index: Buffer; proof: Buffer }>(named(FIND, [keys.hashOf(cpf)]));
  const [row] = rows;
  const proof = row && keys.readProof(cpf, row.person_index, row.proof);
  return proof ? { index: row.person_index, proof } : keys.proveIndex(cpf);
}

/** Places that are looked at in one step. */
const PLACES = 1_024;
/** The time for proofs in one step, after the first: others wait meanwhile. */
const STEP_MILLIS = 100;

/**
 * Records between two places of people whose proof is not stored, in the order of their places. Each is read by its id: the audit is too large to be
 * read for those.
 */
const MISSING = `
  SELECT l.place, a.cpf_hash, a.cpf_cifrado
  FROM (SELECT * FROM transparency.leaf WHERE place >= $1 ORDER BY place LIMIT ${PLACES}) l
  CROSS JOIN LATERAL (SELECT r.cpf_hash, r.cpf_cifrado FROM public.acesso r WHERE r.id = l.acesso_id LIMIT 1) a
  WHERE l.place < $2 AND l.person_index IS NOT NULL
    AND NOT EXISTS (SELECT FROM transparency.person_proof v WHERE v.person_index = l.person_index)
  ORDER BY l.place`;

type MissingRow = Pick<RecordRow, 'cpf_hash' | 'cpf_cifrado'> & { readonly place: string };

/**
 * Stores the proofs of people's indices while nothing else is to be done: of the people of new records first, and then of older records, from
 * the newest back. A record has the CPF of its person. The proof of a person who is gone from every record is computed when asked for.
 *
 * @returns a function that takes a step in a log of this size, which only grows: it looks at 1,024 places, or at as many as a tenth of a
 *   second allows. It says whether it has looked at all
 */
export function keepProofs(keys: PersonKeys): (db: ClientBase, size: number) => Promise<boolean> {
  // What was looked at is from `first` up to `end`.
  let first: number | undefined;
  let end = 0;
  return async (db, size) => {
    first ??= end = size;
    const isNew = end < size;
    const [from, until] = isNew ? [end, Math.min(end + PLACES, size)] : [Math.max(0, first - PLACES), first];
    if (from === until) return true;
    const { rows } = await db.query<MissingRow>(named(MISSING, [from, until]));
    const next = await storeProofs(db, isNew ? rows : rows.toReversed(), keys);
    if (isNew) end = next ?? until;
    else first = next === undefined ? from : next + 1;
    return false;
  };
}

/** @returns the place of the first record that was left for the next step */
async function storeProofs(db: ClientBase, rows: readonly MissingRow[], keys: PersonKeys): Promise<number | undefined> {
  const proofs = new Map<string, ReturnType<PersonKeys['encryptProof']>>();
  const endAt = performance.now() + STEP_MILLIS;
  let next: number | undefined;
  for (const row of rows) {
    const cpf = proofs.has(row.cpf_hash) ? undefined : keys.cpfOf(row);
    if (cpf === undefined) continue;
    if (proofs.size > 0 && performance.now() > endAt) {
      next = Number(row.place);
      break;
    }
    proofs.set(row.cpf_hash, keys.encryptProof(cpf));
    await nextTurn(); // others wait for their proofs
  }
  const added = [...proofs.values()];
  if (added.length > 0) await db.query(STORE, [added.map(({ index }) => index), added.map(({ encrypted }) => encrypted)]); // prettier-ignore
  return next;
}

const STORE = `
  INSERT INTO transparency.person_proof (person_index, proof) SELECT * FROM unnest($1::bytea[], $2::bytea[]) ON CONFLICT DO NOTHING`;

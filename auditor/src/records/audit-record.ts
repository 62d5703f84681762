import { createHash } from 'node:crypto';
import { camposOf, type RecordRow } from '@pessoa/audit/record-row';
import { readEpoch } from '@pessoa/postgres/sql-values';
import { encodeBase64 } from '@pessoa/transparency-log/notes/base64';
import { canonicalRecord } from '@pessoa/transparency-log/records/canonical-record';
import type { PersonKeys } from '../people/person-keys.ts';

/** Where a record is in the chain of its person. */
export interface ChainPlace {
  /** The index of the person in the map, 32 bytes. */
  readonly personIndex: Uint8Array;
  /** 1 for the first record of the person in the chain. */
  readonly number: number;
}

/**
 * A record of the audit as its entry commits to it and as a proof shows it (docs/audit.md). `pessoa` is a keyed hash. `sujeito` is
 * SHA-256(salt, `sub` of the token) in base64: the caller knows its subject, and nobody else needs to learn it. In form 1 the salt is the
 * nonce. In a chain the holder gets the nonce, and the caller alone the salt.
 *
 * A later form has another number; entries of an earlier form stay as they are. Form 1 is of a record that is in no chain. Form 2 says whose
 * chain it is in, and where. Form 3, of a sealed read, says the seal too: nobody can seal a read afterwards, or say that it was none.
 */
export type AuditRecord = ReadRecord & (RecordForm1 | RecordForm2 | RecordForm3);

interface RecordForm1 {
  readonly versao: 1;
}

interface RecordForm2 {
  readonly versao: 2;
  /** In base64. */
  readonly indicePessoa: string;
  readonly numero: number;
}

interface RecordForm3 {
  readonly versao: 3;
  /** Both as in form 2; null in a record that is in no chain. */
  readonly indicePessoa: string | null;
  readonly numero: number | null;
  readonly sigiloReferencia: string;
  /** The end at the latest, as `dataHora`. */
  readonly sigiloAte: string;
}

interface ReadRecord {
  readonly id: string;
  readonly pessoa: string;
  readonly clientId: string;
  readonly sujeito: string;
  readonly campos: readonly string[];
  readonly finalidade: string;
  readonly consentimento: string | null;
  readonly ordemJudicial: string | null;
  readonly peloTitular: boolean;
  readonly resultado: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly dataHora: string;
  readonly interacao: string;
  readonly operacao: string;
  readonly servico: string;
}

/**
 * @param nonce of the entry
 * @param place undefined for a record that is in no chain
 */
export const toRecord = (
  row: RecordRow,
  nonce: Uint8Array,
  place: ChainPlace | undefined,
  { subjectSalt }: Pick<PersonKeys, 'subjectSalt'>,
): AuditRecord => ({
  ...formOf(row, place),
  id: row.id,
  pessoa: row.cpf_hash,
  clientId: row.client_id,
  sujeito: createHash('sha256')
    .update(place ? subjectSalt(nonce) : nonce)
    .update(row.sujeito)
    .digest('base64'),
  campos: camposOf(row),
  finalidade: row.finalidade,
  consentimento: row.consentimento,
  ordemJudicial: row.ordem_judicial,
  peloTitular: row.pelo_titular,
  resultado: row.resultado,
  dataHora: readEpoch(row.segundos).toISOString(),
  interacao: row.interacao,
  operacao: row.operacao,
  servico: row.servico,
});

function formOf(
  { sigilo_referencia: sigiloReferencia, sigilo_ate: sigiloAte }: RecordRow,
  place: ChainPlace | undefined,
): RecordForm1 | RecordForm2 | RecordForm3 {
  const chained = place && { indicePessoa: encodeBase64(place.personIndex), numero: place.number };
  if (sigiloReferencia === null || sigiloAte === null) return chained ? { versao: 2, ...chained } : { versao: 1 };
  const seal = { sigiloReferencia, sigiloAte: readEpoch(sigiloAte).toISOString() };
  return { versao: 3, indicePessoa: null, numero: null, ...chained, ...seal };
}

/** The columns of a leaf that say where its record is in a chain, of `transparency.leaf l`. */
export const CHAIN_COLUMNS = 'l.person_index, l.number';

export interface ChainRow {
  readonly person_index: Buffer | null;
  readonly number: string | null;
}

/** @returns undefined for a record that is in no chain */
export const chainPlaceOf = ({ person_index: personIndex, number }: ChainRow): ChainPlace | undefined =>
  personIndex === null ? undefined : { personIndex, number: Number(number) };

/** The bytes of a record that its entry is made from (RFC 8785). */
export const canonicalOf = (record: AuditRecord): Uint8Array => canonicalRecord({ ...record });

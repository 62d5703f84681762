import type { MapEntry } from '@pessoa/transparency-log/map/map-entry';
import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { decode, decodeList, isRecord, membersOf, parseJson } from './answer-json.ts';
import { VerificationError } from './verification-error.ts';

/** A read of a person, as the system shows it to the holder. */
export interface AnsweredRead {
  /** 1 for the first read of the person, then 2, and so on. */
  readonly number: number;
  /** The entry of the log. */
  readonly entry: Uint8Array;
  /** Undefined where the system shows the entry alone. */
  readonly content: { readonly record: FlatRecord; readonly nonce: Uint8Array } | undefined;
  /** Why it does, as it says: the read is under seal, an erasure took its record, or the record is gone without one. Undefined with the content, and for another reason. */
  readonly hiddenAs: HiddenAs | undefined;
}

const hiddenStates = ['EM_SIGILO', 'ELIMINADO', 'REMOVIDO'] as const;
export type HiddenAs = (typeof hiddenStates)[number];

/** A page of the reads of a person, as the system answers at `GET /auditoria/pessoa/{cpf}`. */
export interface AnsweredPerson {
  /** The signed note of the checkpoint whose map is shown. */
  readonly checkpoint: string;
  /** The proof of the person's index. */
  readonly indexProof: Uint8Array;
  /** The number of reads that the map names, and the head of their chain. */
  readonly count: number;
  readonly head: Uint8Array;
  /** The hashes beside the way in the map, from the person up to the root. */
  readonly siblings: readonly Uint8Array[];
  /** Without reads: the entry of the map that stands where that of the person would be, if one does. */
  readonly other: MapEntry | undefined;
  readonly reads: readonly AnsweredRead[];
}

/** Reads such a page. @param file its name in messages. @throws VerificationError for any other text */
export function parsePerson(json: string, file: string): AnsweredPerson {
  const what = `${file} is not an answer of /auditoria/pessoa`;
  const { checkpoint, indice, quantidade, cabeca, mapa, outro, registros } = membersOf(parseJson(json, what));
  const indexProof = decode(indice);
  const head = decode(cabeca);
  const siblings = decodeList(mapa);
  const other = outro === undefined ? undefined : entryOf(outro);
  if (typeof checkpoint !== 'string' || !isCount(quantidade) || !indexProof || !head || !siblings) {
    throw new VerificationError(`${what}: it has no checkpoint with "indice", "quantidade", "cabeca" and "mapa".`);
  }
  if (outro !== undefined && !other) throw new VerificationError(`${what}: "outro" is not an entry of the map.`);
  if (!Array.isArray(registros)) throw new VerificationError(`${what}: it has no list "registros".`);
  const reads = registros.map((item: unknown, place) => {
    const read = readOf(item);
    if (!read)
      throw new VerificationError(`${what}: item ${place} of "registros" is not a read with number and entry.`);
    return read;
  });
  return { checkpoint, indexProof, count: quantidade, head, siblings, other, reads };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function entryOf(value: unknown): MapEntry | undefined {
  const { indice, quantidade, cabeca } = membersOf(value);
  const index = decode(indice);
  const head = decode(cabeca);
  return index && head && isCount(quantidade) ? { index, count: quantidade, head } : undefined;
}

function readOf(item: unknown): AnsweredRead | undefined {
  const { numero, entrada, registro, nonce, conteudo } = membersOf(item);
  const entry = decode(entrada);
  if (!isCount(numero) || numero === 0 || entry?.length !== 32) return undefined;
  if (registro === undefined && nonce === undefined) {
    const hiddenAs = hiddenStates.find((state) => state === conteudo);
    return { number: numero, entry, content: undefined, hiddenAs };
  }
  const nonceBytes = decode(nonce);
  if (!isRecord(registro) || !nonceBytes) return undefined;
  return { number: numero, entry, content: { record: registro, nonce: nonceBytes }, hiddenAs: undefined };
}

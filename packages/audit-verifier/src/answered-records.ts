import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { decode, decodeList, isRecord, membersOf, parseJson } from './answer-json.ts';
import { graphRecords } from './answered-graph.ts';
import { VerificationError } from './verification-error.ts';

/** A record with its proof, as the system answers at `GET /auditoria/provas/{interaction}` and in the graph. */
export interface AnsweredRecord {
  readonly record: FlatRecord;
  readonly nonce: Uint8Array;
  /** The place of the record in the tree, from 0. */
  readonly index: number;
  /** The signed note of the checkpoint that the proof leads to. */
  readonly checkpoint: string;
  readonly inclusion: readonly Uint8Array[];
  /** The proof of the person's index; undefined for a record from before the map. */
  readonly indexProof: Uint8Array | undefined;
  /** What the answer shows of the record beside it, by the names of the record. Default: nothing. */
  readonly shown?: Readonly<Record<string, unknown>>;
}

export interface AnsweredRecords {
  readonly records: readonly AnsweredRecord[];
  /** Entries of the graph that have no proof. */
  readonly withoutProof: number;
}

const NO_ANSWER = 'The file is not an answer of /auditoria/provas or of the graph';

/** Reads such an answer. @throws VerificationError for any other text */
export function parseAnswer(json: string): AnsweredRecords {
  const { registros: list, data } = membersOf(parseJson(json, NO_ANSWER));
  if (list === undefined && data !== undefined) return graphRecords(data);
  if (!Array.isArray(list)) throw new VerificationError(`${NO_ANSWER}: it has no list "registros".`);
  const records = list.map((item: unknown, place) => {
    const { registro, nonce, prova, pessoa } = membersOf(item);
    const { indice, checkpoint, inclusao } = membersOf(prova);
    const isWhole = isRecord(registro) && Number.isSafeInteger(indice) && typeof checkpoint === 'string';
    const nonceBytes = decode(nonce);
    const inclusion = decodeList(inclusao);
    const indexProof = decode(pessoa);
    if (!isWhole || !nonceBytes || !inclusion || (pessoa !== undefined && !indexProof)) {
      throw new VerificationError(`${NO_ANSWER}: item ${place} of "registros" is not a record with nonce and proof.`);
    }
    return { record: registro, nonce: nonceBytes, index: indice as number, checkpoint, inclusion, indexProof };
  });
  return { records, withoutProof: 0 };
}

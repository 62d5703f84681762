import { canonicalRecord, type FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { decode, decodeList, isRecord, membersOf, parseJson } from './answer-json.ts';
import type { AnsweredRecord, AnsweredRecords } from './answered-records.ts';
import { VerificationError } from './verification-error.ts';

const NO_PROOF = 'The file has a "prova" that is not one of the graph';
const PLACE = /^(?:0|[1-9]\d{0,15})$/;

/** What an entry of `consultas` shows, by the name that the record has for it. */
const SHOWN = {
  id: 'id',
  consulente: 'clientId',
  dataHora: 'dataHora',
  finalidade: 'finalidade',
  produto: 'operacao',
  peloTitular: 'peloTitular',
} as const;

/**
 * Reads the proofs in an answer of the graph: every `prova` in its data, wherever it is, with what its entry shows beside it.
 *
 * @throws VerificationError for a `prova` that is none
 */
export function graphRecords(data: unknown): AnsweredRecords {
  const records: AnsweredRecord[] = [];
  let withoutProof = 0;
  const values = [data];
  while (values.length > 0) {
    const members = membersOf(values.pop());
    values.push(...Object.values(members).toReversed());
    const { prova } = members;
    if (prova === null) withoutProof += 1;
    else if (prova !== undefined) records.push({ ...proofOf(prova), shown: shownOf(members) });
  }
  return { records, withoutProof };
}

function proofOf(prova: unknown): AnsweredRecord {
  const { indice, checkpoint, inclusao, registro, nonce, pessoa } = membersOf(prova);
  const inclusion = decodeList(inclusao);
  const nonceBytes = decode(nonce);
  const indexProof = decode(pessoa);
  if (
    typeof indice !== 'string' ||
    !PLACE.test(indice) ||
    typeof checkpoint !== 'string' ||
    typeof registro !== 'string' ||
    !inclusion ||
    !nonceBytes ||
    (pessoa !== undefined && !indexProof)
  )
    // prettier-ignore
    throw new VerificationError(`${NO_PROOF}: it needs "indice", "checkpoint", "inclusao", "registro" and "nonce".`);
  const record = recordOf(registro);
  return { record, nonce: nonceBytes, index: Number(indice), checkpoint, inclusion, indexProof };
}

function recordOf(registro: string): FlatRecord {
  const what = `${NO_PROOF}: its "registro"`;
  const record = parseJson(registro, what);
  if (!isRecord(record) || !isCanonical(record, registro))
    throw new VerificationError(`${what} is not canonical JSON.`);
  return record;
}

/** Whoever makes the entry from the text gets the entry of the log only for the one way to write a record. */
function isCanonical(record: FlatRecord, text: string): boolean {
  try {
    return Buffer.from(canonicalRecord(record)).toString() === text;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The bureau that an entry of our own names. */
const OURS = 'PESSOA';

function shownOf(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shown = Object.entries(SHOWN).flatMap(([field, name]) => (entry[field] === undefined ? [] : [[name, entry[field]]])); // prettier-ignore
  const { biro, cnpjConsulente } = entry;
  // A record has neither.
  return { ...Object.fromEntries(shown), biro: biro === OURS ? undefined : biro, cnpjConsulente: cnpjConsulente ?? undefined }; // prettier-ignore
}

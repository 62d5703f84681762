import { decodeBase64 } from '@pessoa/transparency-log/notes/base64';
import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { VerificationError } from './verification-error.ts';

/** A record with its proof, as the system answers at `GET /auditoria/provas/{interaction}`. */
export interface AnsweredRecord {
  readonly record: FlatRecord;
  readonly nonce: Uint8Array;
  /** The place of the record in the tree, from 0. */
  readonly index: number;
  /** The signed note of the checkpoint that the proof leads to. */
  readonly checkpoint: string;
  readonly inclusion: readonly Uint8Array[];
}

/** Reads such an answer. @throws VerificationError for any other text */
export function parseAnswer(json: string): AnsweredRecord[] {
  const list = membersOf(parseJson(json))['registros'];
  if (!Array.isArray(list)) throw unreadable('it has no list "registros"');
  return list.map((item: unknown, place) => {
    const { registro, nonce, prova } = membersOf(item);
    const { indice, checkpoint, inclusao } = membersOf(prova);
    const isWhole = isRecord(registro) && Number.isSafeInteger(indice) && typeof checkpoint === 'string';
    const nonceBytes = decode(nonce);
    const inclusion = Array.isArray(inclusao) ? inclusao.map(decode) : [undefined];
    if (!isWhole || !nonceBytes || !inclusion.every((hash) => hash !== undefined)) {
      throw unreadable(`item ${place} of "registros" is not a record with nonce and proof`);
    }
    return { record: registro, nonce: nonceBytes, index: indice as number, checkpoint, inclusion };
  });
}

const unreadable = (reason: string): VerificationError =>
  new VerificationError(`The file is not an answer of /auditoria/provas: ${reason}.`);

/** Parses JSON that repeats no name: a reader may see the one member while the other was proved. */
function parseJson(text: string): unknown {
  let members = -1; // the whole value is none
  let value: unknown;
  try {
    value = JSON.parse(text, function (this: unknown, _name, member: unknown) {
      if (!Array.isArray(this)) members += 1;
      return member;
    });
  } catch {
    throw unreadable('it is not JSON');
  }
  if (writtenMembers(text) !== members) throw unreadable('an object repeats a name');
  return value;
}

/** Counts the members in JSON. Outside of texts, each member has one colon, and nothing else has any. */
function writtenMembers(json: string): number {
  let colons = 0;
  let isInText = false;
  for (let place = 0; place < json.length; place += 1) {
    const character = json[place];
    if (isInText && character === '\\') place += 1;
    else if (character === '"') isInText = !isInText;
    else if (character === ':' && !isInText) colons += 1;
  }
  return colons;
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isRecord = (value: unknown): value is FlatRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const decode = (value: unknown): Uint8Array | undefined =>
  typeof value === 'string' ? decodeBase64(value) : undefined;

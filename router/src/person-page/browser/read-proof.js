import { decodeBase64, isSameBytes, sha256, utf8 } from './bytes.js';
import { judgeSignature, readCheckpoint } from './checkpoint.js';
import { hashLeaf, rootOf } from './merkle-tree.js';

/** @typedef {{ id: string, biro: string, consulente: string, dataHora: string, finalidade: string | null, produto: string | null, peloTitular: boolean, cnpjConsulente?: string | null, prova?: any }} Read a read as the graph lists it */
/**
 * Why a proof does not hold: it cannot be read, the record is not what the tree holds, the signature of the checkpoint is wrong, the list
 * shows something else than the record says, the records of the list are of several people, one stands there twice, or one has no proof where older ones have.
 *
 * @typedef {'FORMA' | 'REGISTRO' | 'ASSINATURA' | 'LISTA' | 'PESSOA' | 'REPETIDA' | 'FALTA'} ProofFault
 */
/**
 * What a proof shows.
 *
 * - `PROVADA`: the record is in the log with the content that the list shows.
 * - `SEM_ASSINATURA`: it is in the tree of a checkpoint whose signature was not verified: the browser cannot, or there is no key.
 * - `NAO_CONFERE`: the proof does not hold, and `fault` says why.
 *
 * @typedef {object} Verdict
 * @property {'PROVADA' | 'SEM_ASSINATURA' | 'NAO_CONFERE'} state
 * @property {ProofFault} [fault]
 * @property {number} [place] the place of the record in the log, from 0
 * @property {import('./checkpoint.js').Checkpoint} [checkpoint]
 * @property {Record<string, unknown>} [record]
 */

/** What the list shows of a read, by the name that the record has for it. */
const SHOWN = /** @type {const} */ ({
  id: 'id',
  consulente: 'clientId',
  dataHora: 'dataHora',
  finalidade: 'finalidade',
  produto: 'operacao',
  peloTitular: 'peloTitular',
});
const NONCE_BYTES = 32;
const HASH_BYTES = 32;

/** The bureau that our own records name. */
export const OURS = 'PESSOA';

/** Whether this browser can verify: it has no WebCrypto on a page that came by plain HTTP from another machine, and an old one has not all of what reads a record. */
export const canVerify = () => globalThis.crypto?.subtle !== undefined && [''.isWellFormed, [].toSorted].every((method) => method !== undefined); // prettier-ignore

/**
 * Verifies the proof of a read.
 *
 * @param {Read} read with `prova`
 * @param {import('./checkpoint.js').LogKey | undefined} key of the log; without one no signature is verified
 * @returns {Promise<Verdict>}
 */
export async function verifyRead(read, key) {
  const proof = readProof(read.prova);
  if (!proof) return { state: 'NAO_CONFERE', fault: 'FORMA' };
  const { place, note, checkpoint, path, text, nonce, record } = proof;
  const said = { place, checkpoint, record };
  const entry = await sha256(nonce, utf8(text));
  const root = await rootOf({ leaf: await hashLeaf(entry), index: place, size: checkpoint.size, path });
  if (!root || !isSameBytes(root, checkpoint.root)) return { ...said, state: 'NAO_CONFERE', fault: 'REGISTRO' };
  const signature = key ? await judgeSignature(note, key) : 'unsupported';
  if (signature === 'wrong') return { ...said, state: 'NAO_CONFERE', fault: 'ASSINATURA' };
  if (!isShownAs(read, record)) return { ...said, state: 'NAO_CONFERE', fault: 'LISTA' };
  return { ...said, state: signature === 'valid' ? 'PROVADA' : 'SEM_ASSINATURA' };
}

/** Our records name no CNPJ, and no other bureau. @param {Read} read @param {Record<string, unknown>} record */
const isShownAs = (read, record) =>
  read.biro === OURS &&
  (read.cnpjConsulente ?? null) === null &&
  Object.entries(SHOWN).every(([field, name]) => /** @type {any} */ (read)[field] === record[name]);

/** @param {any} prova @returns undefined for anything but a proof of the graph */
function readProof(prova) {
  const { indice, checkpoint: note, inclusao, registro: text, nonce: nonceText } = prova ?? {};
  if (typeof note !== 'string' || typeof text !== 'string' || !Array.isArray(inclusao)) return undefined;
  const place = typeof indice === 'string' && /^(?:0|[1-9]\d{0,15})$/.test(indice) ? Number(indice) : NaN;
  const checkpoint = readCheckpoint(note);
  const nonce = decodeBase64(nonceText);
  const record = readRecord(text);
  const path = inclusao.flatMap((hash) => decodeBase64(hash) ?? []);
  const isWhole = path.length === inclusao.length && path.every(({ length }) => length === HASH_BYTES);
  if (!Number.isSafeInteger(place) || !checkpoint || nonce?.length !== NONCE_BYTES || !record || !isWhole)
    return undefined;
  return { place, note, checkpoint, path, text, nonce, record };
}

/** Whether a record says whose it is, and which of that person's. @param {Record<string, unknown>} record */
const isOfPerson = ({ indicePessoa, numero }) =>
  typeof indicePessoa === 'string' && indicePessoa !== '' && Number.isSafeInteger(numero) && Number(numero) > 0;

/**
 * The record, if its text is the one way to write it (RFC 8785): a text with a name twice would show one value and prove another.
 *
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
function readRecord(text) {
  try {
    const record = JSON.parse(text);
    const isObject = typeof record === 'object' && record !== null && !Array.isArray(record);
    return isObject && isOfPerson(record) && text.isWellFormed() && JSON.stringify(record, Object.keys(record).toSorted()) === text ? record : undefined; // prettier-ignore
  } catch {
    return undefined;
  }
}

import { readLogKey } from './checkpoint.js';
import { canVerify, OURS, verifyRead } from './read-proof.js';

/** @typedef {import('./read-proof.js').Read} Read */
/** @typedef {import('./graph.js').GraphError} GraphError */
/**
 * What is said of the proof beside a read. Beside the states of `Verdict`:
 *
 * - `CONFERINDO`: it is being asked for.
 * - `NAO_CONFERIDA`: this browser cannot verify.
 * - `PENDENTE`: the record is under no published checkpoint yet.
 * - `SEM_RESPOSTA`: the auditor did not answer, or there is none.
 * - `DESCONHECIDA`: the log has no such record of the person.
 * - `ANTERIOR`: the record is older than the lists of holders in the log, or an auditor's question about one whose CPF the audit had not.
 * - `DE_FORA`: another bureau reported the read, and our log has nothing of it.
 * - `DO_TITULAR`: who looks is not the holder, who alone gets proofs.
 * - `EM_SIGILO`, `ELIMINADO`, `REMOVIDO`: the log has the read, and its content is not shown: it is under seal, erased, or gone without an erasure.
 *
 * @typedef {import('./read-proof.js').Verdict['state'] | 'CONFERINDO' | 'NAO_CONFERIDA' | 'PENDENTE' | 'SEM_RESPOSTA' | 'DESCONHECIDA' | 'ANTERIOR' | 'DE_FORA' | 'DO_TITULAR' | 'EM_SIGILO' | 'ELIMINADO' | 'REMOVIDO'} MarkState
 */
/** @typedef {Omit<import('./read-proof.js').Verdict, 'state'> & { state: MarkState, read?: Read, number?: number }} Mark `read` is not there when its content is not shown; then `number` is its number among the reads of the person */

/** Whether our log may have a record of a read. @param {Read} read */
const isOurs = ({ biro }) => biro === OURS;

/**
 * The marks of reads whose proofs were not asked for.
 *
 * @param {readonly (Read | null)[]} nodes
 * @param {'CONFERINDO' | 'SEM_RESPOSTA' | 'DO_TITULAR' | 'NAO_CONFERIDA'} state of those that our log has
 * @returns {(Mark | null)[]}
 */
export const markUnproven = (nodes, state) =>
  nodes.map((read) => read && { read, state: isOurs(read) ? state : 'DE_FORA' });

/**
 * Judges the proofs of a page of reads.
 *
 * @param {readonly (Read | null)[]} nodes null where a row cannot be shown
 * @param {readonly GraphError[]} errors of the answer
 * @param {number} omitted the number of errors that the answer does not list
 * @param {import('./checkpoint.js').LogKey | undefined} key of the log
 * @returns {Promise<(Mark | null)[]>}
 */
export const judgeReads = (nodes, errors, omitted, key) =>
  Promise.all(
    nodes.map(async (read, index) => {
      if (read === null) return null;
      if (!read.prova) return { state: missingState(read, proofError(errors, index), omitted), read };
      return {
        ...(canVerify() ? await verifyRead(read, key) : { state: /** @type {const} */ ('NAO_CONFERIDA') }),
        read,
      };
    }),
  );

/** The product of an auditor's questions. They may be about people of whom the audit has no CPF any more, and then are in no list of a person. */
const QUESTION = 'Auditoria';
/** Records of several processes have their places in another order than their times, by less than this. */
const ORDER_MILLIS = 60_000;

/**
 * The marks of a whole list. The records of a person have one index: when those of a list have several, none of them holds, since nobody can
 * say here which index is the person's. A record stands there once. Proofs begin with some record and go on: one without is not younger than all that have one.
 *
 * @param {readonly Mark[]} marks
 * @returns {readonly Mark[]}
 */
export function judgeTogether(marks) {
  const isInLog = (/** @type {Mark} */ { state }) => state === 'PROVADA' || state === 'SEM_ASSINATURA';
  const inLog = marks.filter(isInLog);
  const isOfSeveral = new Set(inLog.map(({ record }) => record?.['indicePessoa'])).size > 1;
  const times = inLog.map(({ read }) => Date.parse(read?.dataHora ?? ''));
  const [oldest, newest] = [Math.min(...times), Math.max(...times)];
  /** @param {Mark} mark @returns {import('./read-proof.js').ProofFault | undefined} */
  const faultOf = (mark) => {
    if (isInLog(mark)) return isOfSeveral ? 'PESSOA' : isRepeated(mark, inLog) ? 'REPETIDA' : undefined;
    const time = Date.parse(mark.read?.dataHora ?? '');
    if (mark.state === 'ANTERIOR')
      return mark.read?.produto !== QUESTION && time > oldest + ORDER_MILLIS ? 'FALTA' : undefined;
    return mark.state === 'PENDENTE' && time < newest - ORDER_MILLIS ? 'FALTA' : undefined;
  };
  return marks.map((mark) => {
    const fault = faultOf(mark);
    return fault ? { ...mark, state: 'NAO_CONFERE', fault } : mark;
  });
}

/** Whether another row of the list has the same place, or the same number of the person. @param {Mark} mark @param {readonly Mark[]} marks */
const isRepeated = (mark, marks) =>
  marks.some(
    (other) => other !== mark && (other.place === mark.place || other.record?.['numero'] === mark.record?.['numero']),
  );

/** @param {Read} read @param {GraphError | undefined} error @param {number} omitted @returns {MarkState} */
function missingState(read, error, omitted) {
  const code = error?.extensions?.code;
  if (code === 'PROVA_PENDENTE' || code === 'PROVA_DESCONHECIDA') return code === 'PROVA_PENDENTE' ? 'PENDENTE' : 'DESCONHECIDA'; // prettier-ignore
  if (!isOurs(read)) return 'DE_FORA';
  return error || omitted > 0 ? 'SEM_RESPOSTA' : 'ANTERIOR';
}

const isProofPath = (/** @type {GraphError} */ { path = [] }) => path.at(-1) === 'prova' || path.at(-2) === 'prova';

/** A denial is one error for all rows, without the number of one. @param {readonly GraphError[]} errors @param {number} index */
const proofError = (errors, index) =>
  errors.find((error) => isProofPath(error) && (error.path?.includes(index) || !error.path?.some(Number.isInteger)));

/** The errors that are about other things than proofs, which the marks say. @param {readonly GraphError[]} errors */
export const withoutProofErrors = (errors) => errors.filter((error) => !isProofPath(error));

/** The key of the log, as the router publishes it. @returns {Promise<import('./checkpoint.js').LogKey | undefined>} undefined without one */
export async function fetchLogKey() {
  try {
    const answer = await fetch('/auditoria/chave', { cache: 'no-store' });
    return answer.ok && canVerify() ? await readLogKey((await answer.text()).trim()) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A file that `npm run audit:verify -- proof` reads: an answer of the graph with this read alone.
 *
 * @param {Read} read
 */
export const proofFile = (read) => JSON.stringify({ data: { pessoa: { eventos: { consultas: { nodes: [read] } } } } });

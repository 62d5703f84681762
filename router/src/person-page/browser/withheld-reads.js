import { post } from './graph.js';

/** @typedef {import('./proven-reads.js').Mark} Mark */
/** @typedef {{ numero: number, conteudo: 'EM_SIGILO' | 'ELIMINADO' | 'REMOVIDO' }} Withheld a read whose content is not shown: its number among the reads of the person */

/** A page has a thousand reads. Of a person with more pages nothing is said: the newest would be missing. */
const PAGES_MAX = 20;

/**
 * The reads of the holder whose content is not shown.
 *
 * @param {string} finalidade
 * @returns {Promise<readonly Withheld[] | undefined>} undefined when the log does not say
 */
export async function fetchWithheld(finalidade) {
  /** @type {Withheld[]} */
  const all = [];
  try {
    for (let page = 0, depois = 0; page < PAGES_MAX; page += 1) {
      const answer = await post('/pessoa/sem-conteudo', { depois }, { 'x-finalidade': finalidade });
      if (!answer.ok) return undefined;
      const { registros, proximo } = await answer.json();
      all.push(...registros);
      if (proximo === undefined) return all;
      depois = proximo;
    }
    return undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts the reads that are not shown between those that are, by their numbers.
 *
 * @param {readonly Mark[]} marks the newest first
 * @param {readonly Withheld[]} withheld
 * @param {boolean} isWhole whether no older reads follow; else those older than all that are shown are left out
 * @returns {readonly Mark[]}
 */
export function placeWithheld(marks, withheld, isWhole) {
  const numbers = marks.map(({ record }) => Number(record?.['numero'] ?? NaN));
  const oldest = isWhole ? 0 : Math.min(Infinity, ...numbers.filter((number) => !Number.isNaN(number)));
  const waiting = withheld
    .filter(({ numero }) => numero > oldest && !numbers.includes(numero))
    .sort((one, other) => other.numero - one.numero);
  const rows = marks.flatMap((mark, at) => {
    const newer = waiting.findIndex(({ numero }) => !(numero > /** @type {number} */ (numbers[at])));
    return [...waiting.splice(0, newer === -1 ? waiting.length : newer).map(markOf), mark];
  });
  return [...rows, ...waiting.map(markOf)];
}

/** @param {Withheld} read @returns {Mark} */
const markOf = ({ numero, conteudo }) => ({ state: conteudo, number: numero });

import { h } from './dom.js';
import { lossesBelow, wordsOfLoss } from './losses.js';

/** @typedef {{ rows: any[], lost: number, missing: string[] }} Rows `lost` counts the rows that cannot be shown; `missing` says why fields of the others are not there */

/** @type {Rows} */
export const NO_ROWS = { rows: [], lost: 0, missing: [] };

/**
 * Adds a page of a list to the pages before it.
 *
 * @param {Rows} before
 * @param {readonly any[]} nodes null where a row cannot be shown
 * @param {readonly import('./graph.js').GraphError[]} errors of the answer that has the nodes
 * @param {string} place of the nodes, such as `dividas.nodes`
 * @returns {Rows}
 */
export function addRows(before, nodes, errors, place) {
  const rows = nodes.filter((node) => node !== null);
  const depth = place.split('.').length + 1; // `pessoa` is before the place
  const fields = lossesBelow(errors, place).filter(({ path = [] }) => {
    const index = path[depth];
    return typeof index !== 'number' || (nodes[index] ?? null) !== null; // a field that is denied has no index
  });
  return {
    rows: [...before.rows, ...rows],
    lost: before.lost + nodes.length - rows.length,
    missing: [...new Set([...before.missing, ...fields.map((error) => wordsOfLoss(error).title)])],
  };
}

/**
 * What is missing of a list: a box that counts rows, and a note on fields of the rows that are there.
 *
 * @param {Rows} list
 * @param {{ one: string, many: string, text: string }} words `many` follows the count
 */
export const rowNotes = ({ lost, missing }, { one, many, text }) => [
  lost > 0 && h('div', { class: 'perda perda-bad', 'data-codigo': 'FONTE_INVALIDA' }, h('p', { class: 'perda-titulo' }, lost === 1 ? one : `${lost} ${many}`), h('p', {}, text)), // prettier-ignore
  missing.length > 0 && h('p', { class: 'faixa-aviso' }, `Faltam valores em linhas mostradas: ${missing.join('; ')}.`),
];

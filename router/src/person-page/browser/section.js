import { h } from './dom.js';
import { lossBox, lossOf, valueAt } from './losses.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * A section of the sheet.
 *
 * @param {string} id
 * @param {string} title
 * @param {...(Child | Child[])} children
 */
export const section = (id, title, ...children) =>
  h('section', { class: 'cartao secao', id, 'aria-labelledby': `${id}-titulo` }, h('h2', { id: `${id}-titulo` }, title), ...children); // prettier-ignore

/** What a section says when there is nothing to show. @param {string} title @param {string} [text] */
export const emptyNote = (title, text) =>
  h('div', { class: 'vazio' }, h('p', { class: 'vazio-titulo' }, title), text && h('p', {}, text));

/** A mark that data comes from a copy. @param {boolean | undefined} isStale */
export const staleMark = (isStale) =>
  isStale && h('p', { class: 'faixa-aviso' }, 'A base não respondeu: isto vem de uma cópia, que pode não ter o que ela já tem.'); // prettier-ignore

/**
 * Says below what is shown that no more came, and why.
 *
 * @param {HTMLElement} content
 * @param {string} words
 */
export function sayTrouble(content, words) {
  content.querySelector(':scope > [role="alert"]')?.remove();
  content.append(h('p', { class: 'faixa-aviso', role: 'alert' }, words));
}

/**
 * What a field shows, or why it is not there.
 *
 * @template T
 * @param {{ pessoa: any, errors: readonly import('./graph.js').GraphError[], omitted: number }} answer
 * @param {string} place such as `eventos.consultas`
 * @param {(value: T) => Child | Child[]} show
 * @param {() => Child} [unknown] what stands for a person whom the base does not know
 */
export function shown(answer, place, show, unknown = () => emptyNote('Nada consta', 'Esta base não conhece o CPF.')) {
  const value = valueAt(answer.pessoa, place);
  if (value !== undefined) return show(value);
  const loss = lossOf(answer, place);
  return loss ? lossBox(loss) : unknown();
}

import { NOTHING } from './format.js';

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. A text never becomes HTML. `style` is set by the CSSOM, which the page's policy allows.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * Makes an element of SVG.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/**
 * Replaces all that is in an element.
 *
 * @param {HTMLElement} element
 * @param {...(Child | Child[])} children
 */
export function refill(element, ...children) {
  element.replaceChildren();
  filled(element, {}, children);
}

/**
 * @template {HTMLElement | SVGElement} E
 * @param {E} element
 * @param {Record<string, any>} attributes
 * @param {(Child | Child[])[]} children
 * @returns {E}
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style')
      for (const [property, set] of Object.entries(value)) element.style.setProperty(property, String(set)); // prettier-ignore
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false)
      element.append(typeof child === 'number' ? String(child) : child);
  }
  return element;
}

/**
 * @param {string} id
 * @returns {any} the element, which is in the markup of the page
 */
export const byId = (id) => document.getElementById(id);

/**
 * A table that scrolls sideways on a narrow screen; there its cells name their columns.
 *
 * @param {string} label what the table shows, for a screen reader
 * @param {{ text: string, className?: string, header?: boolean }[]} columns
 * @param {(Child | Child[])[][]} rows by column
 * @param {(index: number) => string | undefined} [classOf] the class of a row
 */
export function table(label, columns, rows, classOf = () => undefined) {
  return h(
    'table',
    { class: 'tabela' },
    h('caption', { class: 'visually-hidden' }, label),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        columns.map(({ text, className }) => h('th', { scope: 'col', class: className }, text)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((cells, row) =>
        h(
          'tr',
          { class: classOf(row) },
          cells.map((cell, index) => {
            const { text, className, header } = columns[index] ?? { text: '' };
            const classes = [className, cell === NOTHING && 'sem-valor'].filter(Boolean).join(' ') || undefined;
            return h(header ? 'th' : 'td', { scope: header && 'row', class: classes, 'data-coluna': text }, cell);
          }),
        ),
      ),
    ),
  );
}

import { byId, h } from './dom.js';
import { data } from './session.js';
import { finalidade } from './words.js';

/** Fills the list of purposes. Nobody states one by leaving a default: with several, the first choice is empty. */
export function fillPurposes() {
  const select = byId('finalidade');
  const options = data.finalidades.map((/** @type {string} */ code) => h('option', { value: code }, finalidade(code)));
  if (options.length > 1) options.unshift(h('option', { value: '' }, 'Escolha…'));
  select.replaceChildren(...options);
  select.addEventListener('change', () => select.setAttribute('aria-invalid', 'false'));
}

/** @returns {string | undefined} the purpose; without one the field says so */
export function chosenPurpose() {
  const select = byId('finalidade');
  if (select.value !== '') return select.value;
  select.setAttribute('aria-invalid', 'true');
  select.focus();
  return undefined;
}

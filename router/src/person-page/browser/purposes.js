import { byId, h } from './dom.js';
import { data } from './session.js';
import { finalidade } from './words.js';

/** Fills the list of purposes. Nobody states one by leaving a default: with several, the first choice is empty. */
export function fillPurposes() {
  const select = byId('finalidade');
  const options = data.finalidades.map((/** @type {string} */ code) => h('option', { value: code }, finalidade(code)));
  if (options.length > 1) options.unshift(h('option', { value: '' }, 'Escolha…'));
  select.replaceChildren(...options);
  select.addEventListener('change', () => judge(select, ''));
}

/** @param {HTMLSelectElement} select @param {string} fault empty when there is none */
function judge(select, fault) {
  select.setAttribute('aria-invalid', String(fault !== ''));
  byId('finalidade-erro').textContent = fault;
}

/** @returns {string | undefined} the purpose; without one the page says so in words */
export function chosenPurpose() {
  const select = byId('finalidade');
  const isChosen = select.value !== '';
  judge(select, isChosen ? '' : 'Escolha a finalidade da consulta.');
  if (isChosen) return select.value;
  select.focus();
  return undefined;
}

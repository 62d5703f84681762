import { readCpfList } from './cpf.js';
import { toCsv } from './csv.js';
import { byId, h } from './dom.js';
import { count, counted, NOTHING } from './format.js';
import { COLUMNS, csvRows, rowsOf, sortRows } from './list-rows.js';
import { wordsOfRefusal } from './losses.js';
import { chosenPurpose, fillPurposes } from './purposes.js';
import { askInSession, watchSession } from './session.js';

const PEOPLE_MAX = 100;
const HINT = 'Até 100, um por linha, ou separados por vírgula ou ponto e vírgula.';
const [field, help, state, result] = [byId('cpfs'), byId('cpfs-ajuda'), byId('situacao'), byId('resultado')];

/** @returns {string[] | undefined} the CPFs of the field, when all of it can be asked for */
function readField() {
  const { cpfs, bad, repeated } = readCpfList(field.value);
  const faults = [
    bad.length > 0 && `${counted(bad.length, 'item não é um CPF', 'itens não são CPF')}: ${bad.slice(0, 5).map((item) => item.slice(0, 20)).join(', ')}${bad.length > 5 ? '…' : ''}`, // prettier-ignore
    cpfs.length > PEOPLE_MAX && `São ${count(cpfs.length)} CPFs; o máximo é ${PEOPLE_MAX}.`,
  ].filter(Boolean);
  const isFine = faults.length === 0;
  help.textContent = isFine ? (cpfs.length === 0 ? HINT : `${counted(cpfs.length, 'CPF confere', 'CPFs conferem')}${repeated > 0 ? `; ${counted(repeated, 'repetido conta', 'repetidos contam')} uma vez` : ''}.`) : faults.join(' '); // prettier-ignore
  help.className = `ajuda ${isFine ? (cpfs.length > 0 ? 'certo' : '') : 'erro'}`;
  field.setAttribute('aria-invalid', String(!isFine));
  return isFine && cpfs.length > 0 ? cpfs : undefined;
}

/** @param {any[]} rows @param {string} key @param {boolean} isDescending */
function render(rows, key, isDescending) {
  const sorted = key === '' ? rows : sortRows(rows, key, isDescending);
  const download = () => {
    const address = URL.createObjectURL(new Blob([toCsv(csvRows(sorted))], { type: 'text/csv;charset=utf-8' }));
    h('a', { href: address, download: 'pessoas.csv' }).click();
    URL.revokeObjectURL(address);
  };
  const heads = COLUMNS.map(({ key: own, text, className }) => {
    const direction = own !== key ? undefined : isDescending ? 'descending' : 'ascending';
    const order = () => {
      render(rows, own, own === key && !isDescending);
      /** @type {HTMLElement} */ (result.querySelector(`[data-chave="${own}"]`)).focus();
    };
    return h('th', { scope: 'col', class: className, 'aria-sort': direction }, h('button', { type: 'button', class: 'ordem', 'data-chave': own, onclick: order }, text)); // prettier-ignore
  });
  result.replaceChildren(
    h(
      'section',
      { class: 'cartao secao', 'aria-labelledby': 'lista-titulo' },
      h('div', { class: 'titulo-e-acoes' }, h('h2', { id: 'lista-titulo', tabindex: '-1' }, counted(rows.length, 'pessoa', 'pessoas')), h('button', { type: 'button', class: 'so-tela', onclick: download }, 'Exportar CSV')), // prettier-ignore
      h(
        'div',
        { class: 'rolagem', role: 'region', 'aria-label': 'Pessoas', tabindex: '0' },
        h(
          'table',
          { class: 'tabela lista' },
          h('caption', { class: 'visually-hidden' }, 'As pessoas da lista; cada coluna pode ser ordenada'),
          h('thead', {}, h('tr', {}, heads)),
          h('tbody', {}, sorted.map((row) => h('tr', {}, COLUMNS.map(({ text, className, header, show }) => h(header ? 'th' : 'td', { scope: header && 'row', class: [className, show(row) === NOTHING && 'sem-valor'].filter(Boolean).join(' ') || undefined, 'data-coluna': text }, show(row)))))), // prettier-ignore
        ),
      ),
    ),
  );
}

/** Only the answer to the last question is shown. */
let asked = 0;

byId('lista').addEventListener('submit', async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const cpfs = readField();
  if (!cpfs) {
    if (field.value.trim() === '') {
      help.textContent = 'Cole ao menos um CPF.';
      help.className = 'ajuda erro';
    }
    return field.focus();
  }
  const finalidade = chosenPurpose();
  if (finalidade === undefined) return undefined;
  const question = ++asked;
  result.replaceChildren();
  state.replaceChildren(h('p', { class: 'carregando' }, `Consultando ${counted(cpfs.length, 'pessoa', 'pessoas')}…`));
  const answer = await askInSession('PaginaLista', { cpfs }, finalidade);
  if (question !== asked || answer.status === 401) return undefined;
  const pessoas = answer.data?.pessoas;
  if (!pessoas) {
    state.replaceChildren(h('p', { class: 'faixa-erro', role: 'alert' }, wordsOfRefusal(answer)));
    return undefined;
  }
  state.replaceChildren(h('p', { class: 'visually-hidden' }, 'Consulta concluída.'));
  render(rowsOf(pessoas, answer.errors, answer.omitted), '', false);
  byId('lista-titulo').focus();
  return undefined;
});
field.addEventListener('input', readField);
addEventListener('pagehide', () => {
  asked += 1;
  field.value = '';
  result.replaceChildren();
});

fillPurposes();
watchSession();

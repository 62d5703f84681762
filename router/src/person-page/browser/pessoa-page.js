import { digitsOf, isCpf, judgeCpf, maskCpf } from './cpf.js';
import { debtsView } from './debts-view.js';
import { byId, h } from './dom.js';
import { dayOf } from './format.js';
import { identityView } from './identity-view.js';
import { inquiriesView } from './inquiries-view.js';
import { OMITTED, wordsOfLoss, wordsOfRefusal } from './losses.js';
import { movementFilter, movementsView } from './movements-view.js';
import { profileView } from './profile-view.js';
import { chosenPurpose, fillPurposes } from './purposes.js';
import { scoreView } from './score-view.js';
import { askInSession, data, watchSession } from './session.js';

const [field, help, state, result] = [byId('cpf'), byId('cpf-ajuda'), byId('situacao'), byId('resultado')];

/** Masks the field, keeps the caret at its digit, and says at once whether the CPF is one. */
function readField() {
  const digits = digitsOf(field.value);
  const digitsBeforeCaret = digitsOf(field.value.slice(0, field.selectionStart ?? 0)).length;
  if (digits.length <= 11) {
    field.value = maskCpf(digits);
    let caret = 0;
    for (let passed = 0; caret < field.value.length && passed < digitsBeforeCaret; caret++) {
      if (/\d/.test(field.value[caret])) passed += 1;
    }
    field.setSelectionRange(caret, caret);
  }
  const { state: judged, text } = judgeCpf(digits);
  help.textContent = text;
  help.className = `ajuda ${judged === 'bad' ? 'erro' : judged === 'ok' ? 'certo' : ''}`;
  field.setAttribute('aria-invalid', String(judged === 'bad'));
  return digits;
}

/** Only the answer to the last question is shown. */
let asked = 0;

/** @param {string} cpf */
async function show(cpf) {
  const finalidade = chosenPurpose();
  if (finalidade === undefined) return;
  const question = ++asked;
  const today = dayOf(new Date());
  result.replaceChildren();
  state.replaceChildren(h('p', { class: 'carregando' }, 'Consultando…'));
  const ask = (/** @type {string} */ name, /** @type {object} */ variables) => askInSession(name, variables, finalidade); // prettier-ignore
  const answered = await ask('PaginaDaPessoa', { cpf, movimentos: movementFilter(today) });
  if (question !== asked || answered.status === 401) return;
  const pessoa = answered.data?.pessoa;
  if (!pessoa) {
    state.replaceChildren(h('p', { class: 'faixa-erro', role: 'alert' }, wordsOfRefusal(answered)));
    return;
  }
  const { errors, omitted } = answered;
  const answer = { pessoa, errors, omitted, today, finalidade, askedAt: new Date(), user: data.nome, titular: data.titular }; // prettier-ignore
  state.replaceChildren(h('p', { class: 'visually-hidden' }, 'Consulta concluída.'));
  result.replaceChildren(
    h('div', { class: 'acoes so-tela' }, h('button', { type: 'button', onclick: () => print() }, 'Imprimir relatório')),
    ...(omitted > 0 ? [h('p', { class: 'faixa-aviso' }, wordsOfLoss(OMITTED).title)] : []),
    identityView(answer),
    scoreView(answer),
    debtsView(answer),
    profileView(answer),
    movementsView(answer, ask),
    inquiriesView(answer, ask),
    h('p', { class: 'rodape' }, 'Relatório com os dados que este birô tem sobre a pessoa, de onde vieram e quem os consultou (LGPD, arts. 18 e 20; Lei 12.414, arts. 5º e 6º). O titular pode pedir correção de dados e revisão do score.'), // prettier-ignore
  );
  byId('nome').focus();
}

field.addEventListener('input', readField);
byId('consulta').addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const digits = readField();
  if (isCpf(digits)) return void show(digits);
  if (digits === '') help.textContent = 'Digite ou cole um CPF.';
  help.className = 'ajuda erro';
  field.setAttribute('aria-invalid', 'true');
  field.focus();
});
// The browser may keep a page that is left: nothing about a person stays in it.
addEventListener('pagehide', () => {
  asked += 1;
  field.value = '';
  result.replaceChildren();
});

fillPurposes();
watchSession();
if (data.titular) {
  field.value = maskCpf(data.titular);
  field.readOnly = true;
  readField();
} else if (data.people.length > 0) {
  byId('experimentar').replaceChildren(
    h('p', { class: 'sub' }, 'Desenvolvimento: pessoas fictícias para experimentar'),
    h('ul', { class: 'pessoas' }, data.people.map((/** @type {any} */ person) => h('li', {}, h('button', { type: 'button', onclick: () => { // prettier-ignore
      field.value = maskCpf(person.cpf);
      readField();
      byId('finalidade').value ||= data.finalidades[0];
      void show(person.cpf);
    } }, person.situacao)))), // prettier-ignore
  );
}

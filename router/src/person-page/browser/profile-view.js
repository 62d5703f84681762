import { h, table } from './dom.js';
import { day, money, NOTHING } from './format.js';
import { addRows, NO_ROWS, rowNotes } from './rows.js';
import { emptyNote, section, shown, staleMark } from './section.js';
import { periodicidade, tipoBem, tipoRenda } from './words.js';

/** @param {string} name @param {string} value */
const total = (name, value) => h('dl', { class: 'numeros' }, h('div', {}, h('dt', {}, name), h('dd', {}, value)));

const LOST_TEXT = 'Há um valor com defeito na base.';
const LOST_INCOME = { one: 'Uma fonte de renda não pode ser mostrada', many: 'fontes de renda não podem ser mostradas', text: LOST_TEXT }; // prettier-ignore
const LOST_ASSET = { one: 'Um bem não pode ser mostrado', many: 'bens não podem ser mostrados', text: LOST_TEXT };

/** @param {any} answer @param {any[]} rendas */
function incomes(answer, rendas) {
  const list = addRows(NO_ROWS, rendas, answer.errors, 'perfil.fontesDeRenda');
  const { rows, lost } = list;
  return [
    total('Renda mensal equivalente', money(answer.pessoa.perfil.rendaMensal)),
    ...rowNotes(list, LOST_INCOME),
    rows.length === 0
      ? lost === 0 && emptyNote('Nenhuma renda informada')
      : h(
          'div',
          { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de fontes de renda', tabindex: '0' },
          table(
            // prettier-ignore
            'Fontes de renda',
            [{ text: 'Fonte', header: true }, { text: 'Desde', className: 'numero' }, { text: 'Valor', className: 'direita numero' }], // prettier-ignore
            rows.map(({ tipo, pagador, ocupacao, valor, periodicidade: period, desde, comprovada }) => [
              [h('span', {}, tipoRenda(tipo), comprovada ? h('em', { class: 'selo selo-bom' }, 'comprovada') : h('em', { class: 'selo' }, 'declarada')), h('small', {}, [pagador, ocupacao].filter(Boolean).join(' · '))], // prettier-ignore
              day(desde),
              [h('span', {}, money(valor)), h('small', {}, periodicidade(period))],
            ]),
          ),
        ),
  ];
}

/** @param {any} answer @param {any[]} bens */
function assets(answer, bens) {
  const list = addRows(NO_ROWS, bens, answer.errors, 'perfil.bens');
  const { rows, lost } = list;
  return [
    total('Patrimônio líquido', money(answer.pessoa.perfil.patrimonioLiquido)),
    ...rowNotes(list, LOST_ASSET),
    rows.length === 0
      ? lost === 0 && emptyNote('Nenhum bem informado')
      : h(
          'div',
          { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de bens', tabindex: '0' },
          table(
            // prettier-ignore
            'Bens',
            [{ text: 'Bem', header: true }, { text: 'Avaliado em', className: 'numero' }, { text: 'Valor', className: 'direita numero' }, { text: 'Falta pagar', className: 'direita numero' }], // prettier-ignore
            rows.map(
              ({ tipo, descricao, valorEstimado, dataAvaliacao, onerado, saldoDevedor, percentualPropriedade, uf }) => [
                [h('span', {}, tipoBem(tipo), onerado && h('em', { class: 'selo' }, 'garante dívida')), h('small', {}, [descricao, uf, percentualPropriedade < 100 && `${percentualPropriedade}% da pessoa`].filter(Boolean).join(' · '))], // prettier-ignore
                day(dataAvaliacao),
                money(valorEstimado),
                saldoDevedor === null ? NOTHING : money(saldoDevedor),
              ],
            ),
          ),
        ),
  ];
}

/** @param {any} answer */
export const profileView = (answer) =>
  h(
    'div',
    { class: 'dupla' },
    section('renda', 'Renda', staleMark(answer.pessoa.perfil?.desatualizado), shown(answer, 'perfil.fontesDeRenda', (/** @type {any[]} */ rendas) => incomes(answer, rendas))), // prettier-ignore
    section('bens', 'Bens', staleMark(answer.pessoa.perfil?.desatualizado), shown(answer, 'perfil.bens', (/** @type {any[]} */ bens) => assets(answer, bens))), // prettier-ignore
  );

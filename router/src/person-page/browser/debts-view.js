import { h, table } from './dom.js';
import { addYears, cnpj, count, counted, day, dayNumber, money, NOTHING } from './format.js';
import { addRows, NO_ROWS, rowNotes } from './rows.js';
import { emptyNote, section, shown, staleMark } from './section.js';
import { modalidade, natureza, situacaoDivida } from './words.js';

/** CDC art. 43 § 1º: five years, which count from the due date. */
const LAW_YEARS = 5;
/** Rows on paper. The screen has all. */
const PRINTED = 12;
const LOST = { one: 'Uma dívida não pode ser mostrada', many: 'dívidas não podem ser mostradas', text: 'Há um valor com defeito na base. Os totais incluem o que falta aqui.' }; // prettier-ignore

/** The span of the time line: from the oldest due date, or five years ago, to the last mark. @param {any[]} debts @param {string} today */
export function timelineSpan(debts, today) {
  const starts = debts.map(({ vencimento }) => vencimento);
  const from = [...starts, today].reduce((a, b) => (a < b ? a : b));
  const to = [...starts.map((due) => addYears(due, LAW_YEARS)), today].reduce((a, b) => (a > b ? a : b));
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4)) + 1];
  return { first, last, from: dayNumber(`${first}-01-01`), to: dayNumber(`${last}-01-01`) };
}

/** @param {any[]} debts @param {string} today */
function timeline(debts, today) {
  const { first, last, from, to } = timelineSpan(debts, today);
  const at = (/** @type {string} */ date) => ((dayNumber(date) - from) / (to - from)) * 100;
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const step = Math.ceil(years.length / 9);
  return h(
    'figure',
    { class: 'linha-do-tempo' },
    h('figcaption', {}, 'Cada barra vai do vencimento ao quinto aniversário dele: passado o prazo, a dívida não pode mais ser mostrada a terceiros (CDC, art. 43, § 1º).'), // prettier-ignore
    h(
      'div',
      { class: 'linhas' },
      h('div', { class: 'grade', 'aria-hidden': 'true' }, h('span', { class: 'hoje', style: { left: `${at(today)}%` } }, h('span', {}, 'hoje'))), // prettier-ignore
      debts.map((debt) => {
        const end = addYears(debt.vencimento, LAW_YEARS);
        const [start, now, stop] = [at(debt.vencimento), Math.min(at(today), at(end)), at(end)];
        const isOver = end < today;
        return h(
          'div',
          { class: `linha${isOver ? ' vencida' : ''}` },
          h('span', { class: 'linha-nome' }, debt.credor.nome),
          h(
            'span',
            { class: 'trilho', role: 'img', 'aria-label': `${debt.credor.nome}: venceu em ${day(debt.vencimento)}, cinco anos em ${day(end)}` }, // prettier-ignore
            h('span', { class: 'passado', style: { left: `${start}%`, width: `${Math.max(0, now - start)}%` } }),
            h('span', { class: 'futuro', style: { left: `${now}%`, width: `${Math.max(0, stop - now)}%` } }),
            h('span', { class: 'marca-cinco', style: { left: `${stop}%` } }),
          ),
          h('span', { class: 'linha-fim' }, day(end)),
        );
      }),
      h(
        'div',
        { class: 'eixo', 'aria-hidden': 'true' },
        h('span', { class: 'trilho' }, years.filter((_, index) => index % step === 0).map((year) => h('span', { style: { left: `${at(`${year}-01-01`)}%` } }, year))), // prettier-ignore
      ),
    ),
  );
}

const COLUMNS = [
  { text: 'Credor', header: true },
  { text: 'Anotação' },
  { text: 'Situação' },
  { text: 'Vencimento', className: 'numero' },
  { text: 'Em atraso', className: 'direita numero' },
  { text: 'Valor original', className: 'direita numero' },
  { text: 'Valor atualizado', className: 'direita numero' },
  { text: 'Cinco anos em', className: 'numero' },
];

/** @param {any} debt */
const cellsOf = (debt) => [
  [h('span', {}, debt.credor.nome), debt.credor.cnpj && h('small', {}, `CNPJ ${cnpj(debt.credor.cnpj)}`)],
  [h('span', {}, natureza(debt.natureza)), h('small', {}, `${modalidade(debt.modalidade)} · contrato ${debt.contrato}${debt.principal ? '' : ' · coobrigado'}`)], // prettier-ignore
  situacaoDivida(debt.situacao),
  day(debt.vencimento),
  debt.diasEmAtraso > 0 ? [h('span', {}, counted(debt.diasEmAtraso, 'dia', 'dias')), debt.parcelasEmAtraso > 0 && h('small', {}, counted(debt.parcelasEmAtraso, 'parcela', 'parcelas'))] : NOTHING, // prettier-ignore
  money(debt.valorOriginal),
  money(debt.valorAtualizado),
  day(addYears(debt.vencimento, LAW_YEARS)),
];

/** @param {any} answer @param {any} connection */
function debtsContent(answer, connection) {
  const list = addRows(NO_ROWS, connection.nodes, answer.errors, 'dividas.nodes');
  const { rows: debts, lost } = list;
  const summary = answer.pessoa.resumoDividas;
  const hidden = connection.totalCount - connection.nodes.length;
  return [
    staleMark(connection.desatualizado || summary?.desatualizado),
    summary &&
      h(
        'dl',
        { class: 'numeros' },
        h('div', {}, h('dt', {}, 'Dívidas'), h('dd', {}, count(summary.quantidade))),
        h('div', {}, h('dt', {}, 'Valor total'), h('dd', {}, money(summary.valorTotal))),
        summary.quantidade > 0 && h('div', {}, h('dt', {}, 'Vencimentos'), h('dd', {}, summary.primeiraOcorrencia === summary.ultimaOcorrencia ? day(summary.ultimaOcorrencia) : `${day(summary.primeiraOcorrencia)} a ${day(summary.ultimaOcorrencia)}`)), // prettier-ignore
      ),
    ...rowNotes(list, LOST),
    debts.length === 0 && lost === 0 && hidden <= 0 && emptyNote('Nenhuma dívida', answer.titular ? 'Não há anotação alguma no seu nome.' : 'Nada que a lei permita mostrar a terceiros.'), // prettier-ignore
    debts.length > 0 && timeline(debts.slice(0, PRINTED), answer.today),
    debts.length > 0 && h('div', { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de dívidas', tabindex: '0' }, table('Dívidas, da mais recente à mais antiga', COLUMNS, debts.map(cellsOf), (row) => (row >= PRINTED ? 'so-tela' : undefined))), // prettier-ignore
    debts.length > PRINTED &&
      h('p', { class: 'nota-de-pe so-papel' }, `E mais ${count(connection.totalCount - PRINTED)}, na tela.`),
    hidden > 0 && h('p', { class: 'nota-de-pe' }, `A tabela mostra as ${count(connection.nodes.length)} mais recentes de ${count(connection.totalCount)}.`), // prettier-ignore
  ];
}

/** @param {any} answer */
export const debtsView = (answer) =>
  section(
    'dividas',
    'Dívidas',
    shown(answer, 'dividas', (connection) => debtsContent(answer, connection)),
  );

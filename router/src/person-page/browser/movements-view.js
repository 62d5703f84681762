import { byId, h, refill, table } from './dom.js';
import { addDays, count, instant, money, moneyOfCentavos, monthName, NOTHING, shortMoney } from './format.js';
import { wordsOfRefusal } from './losses.js';
import { sumByMonth } from './months.js';
import { addRows, NO_ROWS, rowNotes } from './rows.js';
import { emptyNote, sayTrouble, section, shown } from './section.js';
import { bandeira, situacaoMovimentacao, tipoMovimentacao } from './words.js';

const PAGE_ROWS = 10;
const PRINTED = 6;
const LOST = { one: 'Um lançamento não pode ser mostrado', many: 'lançamentos não podem ser mostrados', text: 'Há um valor com defeito na base. As barras não incluem o que falta aqui.' }; // prettier-ignore

/** The filter of a search. @param {string} today @param {{ dias?: number, natureza?: string, texto?: string }} [search] */
export function movementFilter(today, { dias = 365, natureza = '', texto = '' } = {}) {
  return {
    de: addDays(today, 1 - dias),
    ate: today,
    ...(natureza !== '' && { natureza }),
    ...(texto.trim() !== '' && { texto: texto.trim() }),
  };
}

/** @param {any[]} postings @param {boolean} isComplete @param {string} from the first day that was asked for */
function monthlyBars(postings, isComplete, from) {
  const months = sumByMonth(postings, isComplete, from);
  if (months.length === 0) return null;
  const most = months.reduce(
    (max, { entradas, saidas }) => [max, entradas, saidas].reduce((a, b) => (a > b ? a : b)),
    1n,
  );
  const height = (/** @type {bigint} */ sum) => `${Number((sum * 1000n) / most) / 10}%`;
  return h(
    'figure',
    { class: 'meses' },
    h('figcaption', {}, h('span', { class: 'chave chave-entra' }, 'Entradas'), h('span', { class: 'chave chave-sai' }, 'Saídas'), h('span', {}, 'por mês, só o que se efetivou')), // prettier-ignore
    h(
      'div',
      { class: 'colunas' },
      months.map(({ month, entradas, saidas, isPartial }) =>
        h(
          'div',
          { class: `coluna${isPartial ? ' parcial' : ''}`, role: 'img', 'aria-label': `${monthName(month)}: entradas ${moneyOfCentavos(entradas)}, saídas ${moneyOfCentavos(saidas)}${isPartial ? ', mês incompleto' : ''}` }, // prettier-ignore
          h('div', { class: 'par' }, h('span', { class: 'entra', style: { height: height(entradas) } }, h('i', {}, entradas > 0n ? shortMoney(entradas) : '')), h('span', { class: 'sai', style: { height: height(saidas) } }, h('i', {}, saidas > 0n ? shortMoney(saidas) : ''))), // prettier-ignore
          h('span', { class: 'coluna-mes' }, monthName(month), isPartial && h('small', {}, 'parcial')),
        ),
      ),
    ),
  );
}

const COLUMNS = [
  { text: 'Quando', className: 'numero', header: true },
  { text: 'Lançamento' },
  { text: 'Tipo' },
  { text: 'Valor', className: 'direita numero' },
  { text: 'Saldo depois', className: 'direita numero' },
];

/** @param {any} posting */
const cellsOf = (posting) => [
  instant(posting.dataHora),
  [h('span', {}, posting.descricao ?? NOTHING), posting.contraparte && h('small', {}, posting.contraparte)],
  [h('span', {}, tipoMovimentacao(posting.tipo)), posting.situacao !== 'TRANSACAO_EFETIVADA' && h('small', {}, situacaoMovimentacao(posting.situacao))], // prettier-ignore
  posting.natureza === 'CREDITO'
    ? h('span', { class: 'ganha' }, `+ ${money(posting.valor)}`)
    : h('span', { class: 'perde' }, `− ${money(posting.valor)}`),
  money(posting.saldoApos),
];

/** @param {any} compra */
const purchase = (compra) =>
  h('p', { class: 'compra' }, h('strong', {}, 'Última compra com cartão: '), `${money(compra.valor)} em ${compra.estabelecimento}, ${instant(compra.dataHora)}, ${bandeira(compra.bandeira)} final ${compra.finalCartao}${compra.parcelas > 1 ? `, em ${compra.parcelas} vezes` : ''}${compra.aprovada ? '' : ', não aprovada'}.`); // prettier-ignore

/**
 * The postings of a person: bars by month, search, pages.
 *
 * @param {any} answer
 * @param {(name: string, variables: object) => Promise<import('./graph.js').Answer>} ask sends another operation of the page
 */
export function movementsView(answer, ask) {
  const { cpf } = answer.pessoa;
  const content = h('div', { 'aria-live': 'polite' });
  let filter = movementFilter(answer.today);
  let list = NO_ROWS;
  /** @type {any} */
  let connection;
  /** The index of the first row that is shown. */
  let start = 0;
  /** Only the answer to the last load is taken. */
  let loads = 0;

  /** @param {any} next @param {readonly import('./graph.js').GraphError[]} errors @param {import('./rows.js').Rows} before */
  function take(next, errors, before) {
    connection = next;
    list = addRows(before, next.nodes, errors, 'eventos.movimentacaoFinanceira.nodes');
  }

  /**
   * @param {object} filtro
   * @param {import('./rows.js').Rows} before what the new rows follow; NO_ROWS for a new search
   * @returns {Promise<boolean>} whether the answer was taken
   */
  async function load(filtro, before) {
    const own = ++loads;
    content.setAttribute('aria-busy', 'true');
    const after = before === NO_ROWS ? undefined : connection.pageInfo.endCursor;
    const asked = await ask('PaginaMovimentos', { cpf, filtro, after });
    if (own !== loads || asked.status === 401) return false;
    content.removeAttribute('aria-busy');
    const next = asked.data?.pessoa?.eventos?.movimentacaoFinanceira;
    if (next) take(next, asked.errors, before);
    else {
      if (before === NO_ROWS) content.replaceChildren(); // these are not the rows that were searched for
      sayTrouble(content, wordsOfRefusal(asked));
    }
    return Boolean(next);
  }

  async function turn(/** @type {number} */ to) {
    const isRead = to < list.rows.length;
    if (isRead) loads += 1; // what is still under way was for another page
    if (!isRead && !(await load(filter, list))) return;
    if (to < list.rows.length) start = to;
    render();
    byId('lancamentos-pagina')?.focus();
  }

  function render() {
    content.removeAttribute('aria-busy');
    const { hasNextPage } = connection.pageInfo;
    const rows = list.rows.slice(start, start + PAGE_ROWS);
    const end = start + rows.length;
    const total = `${connection.totalExato ? '' : 'mais de '}${count(connection.totalCount)}`;
    refill(
      content,
      ...rowNotes(list, LOST),
      ...(list.rows.length === 0 && list.lost === 0 && !hasNextPage
        ? [emptyNote('Nenhum lançamento', 'Não há lançamento neste período com estes filtros.')]
        : [
            monthlyBars(list.rows, !hasNextPage, filter.de),
            rows.length > 0 && h('div', { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de lançamentos', tabindex: '0' }, table('Lançamentos, do mais recente ao mais antigo', COLUMNS, rows.map(cellsOf), (row) => (row >= PRINTED ? 'so-tela' : undefined))), // prettier-ignore
            h(
              'div',
              { class: 'paginas' },
              h('p', { id: 'lancamentos-pagina', tabindex: '-1' }, `${rows.length === 0 ? '0' : `${count(start + 1)} a ${count(end)}`} de ${total}`, hasNextPage && h('span', { class: 'sub' }, ` · as barras somam os ${count(list.rows.length)} mais recentes`)), // prettier-ignore
              h('button', { type: 'button', class: 'so-tela', disabled: start === 0, onclick: () => turn(Math.max(0, start - PAGE_ROWS)) }, 'Anteriores'), // prettier-ignore
              h('button', { type: 'button', class: 'so-tela', disabled: !hasNextPage && end >= list.rows.length, onclick: () => turn(end) }, 'Próximos'), // prettier-ignore
            ),
          ]),
    );
  }

  const search = h(
    'form',
    {
      class: 'filtros so-tela',
      role: 'search',
      'aria-label': 'Buscar lançamentos',
      autocomplete: 'off',
      onsubmit: async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const searched = movementFilter(answer.today, { dias: Number(byId('periodo').value), natureza: byId('natureza').value, texto: byId('texto').value }); // prettier-ignore
        if (!(await load(searched, NO_ROWS))) return;
        filter = searched;
        start = 0;
        render();
      },
    },
    h('div', { class: 'campo' }, h('label', { for: 'texto' }, 'Buscar'), h('input', { id: 'texto', type: 'search', maxlength: '100', autocomplete: 'off', placeholder: 'Descrição ou contraparte' })), // prettier-ignore
    h('div', { class: 'campo' }, h('label', { for: 'natureza' }, 'Mostrar'), h('select', { id: 'natureza' }, h('option', { value: '' }, 'Entradas e saídas'), h('option', { value: 'CREDITO' }, 'Só entradas'), h('option', { value: 'DEBITO' }, 'Só saídas'))), // prettier-ignore
    h('div', { class: 'campo' }, h('label', { for: 'periodo' }, 'Período'), h('select', { id: 'periodo' }, h('option', { value: '365' }, 'Últimos 12 meses'), h('option', { value: '90' }, 'Últimos 90 dias'), h('option', { value: '30' }, 'Últimos 30 dias'))), // prettier-ignore
    h('button', { type: 'submit' }, 'Buscar'),
  );

  return section(
    'movimentacao',
    'Movimentação financeira',
    shown(answer, 'eventos.movimentacaoFinanceira', (first) => {
      take(first, answer.errors, NO_ROWS);
      render();
      return [search, content];
    }),
    answer.pessoa.eventos?.movimentacaoFinanceira &&
      shown(answer, 'eventos.ultimaCompraCartao', purchase, () => h('p', { class: 'compra sub' }, 'Nenhuma compra com cartão registrada.')), // prettier-ignore
  );
}

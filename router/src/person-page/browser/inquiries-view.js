import { h, refill, table } from './dom.js';
import { cnpj, count, instant, NOTHING } from './format.js';
import { wordsOfRefusal } from './losses.js';
import { checkpointNotes, faultBox, proofMark } from './proof-marks.js';
import { mayComeLater, summaryOf } from './proof-words.js';
import { fetchLogKey, judgeReads, judgeTogether, markUnproven, withoutProofErrors } from './proven-reads.js';
import { addRows, NO_ROWS, rowNotes } from './rows.js';
import { emptyNote, sayTrouble, section, shown } from './section.js';
import { fetchWithheld, placeWithheld } from './withheld-reads.js';
import { finalidade, product } from './words.js';

/** @typedef {import('./proven-reads.js').Mark} Mark */

const PRINTED = 8;
const LOST = { one: 'Uma consulta não pode ser mostrada', many: 'consultas não podem ser mostradas', text: 'Há um valor com defeito na base.' }; // prettier-ignore
/** After so many milliseconds the record of this very visit has its proof, as a rule. */
const PLACE_MILLIS = 2_000;
const CHECKING = 'Conferindo as provas…';
const UNSAID = ' O log não disse se há consultas em sigilo ou eliminadas.';

const COLUMNS = [
  { text: 'Quando', className: 'numero', header: true },
  { text: 'Quem consultou' },
  { text: 'Finalidade' },
  { text: 'Produto' },
  { text: 'Prova do registro' },
];

/** @param {Mark} mark */
const cellsOf = (mark) => {
  if (!mark.read) return ['Não informado', `Consulta nº ${count(mark.number ?? 0)}`, NOTHING, NOTHING, proofMark(mark)];
  const { dataHora, consulente, cnpjConsulente, biro, finalidade: purpose, produto, peloTitular } = /** @type {any} */ (mark.read); // prettier-ignore
  return [
    instant(dataHora),
    [h('span', {}, consulente, peloTitular && h('em', { class: 'selo' }, 'o próprio titular')), cnpjConsulente && h('small', {}, `CNPJ ${cnpj(cnpjConsulente)}`)], // prettier-ignore
    finalidade(purpose),
    [h('span', {}, product(produto)), biro && h('small', {}, biro)],
    proofMark(mark),
  ];
};

/**
 * Who asked for this person, when and why. The holder also sees the proof of each record, which the browser verifies.
 *
 * @param {any} answer
 * @param {(name: string, variables: object) => Promise<import('./graph.js').Answer>} ask
 */
export function inquiriesView(answer, ask) {
  const { cpf } = answer.pessoa;
  const isHolder = answer.titular === cpf;
  const content = h('div', {});
  const summary = h('p', { class: 'sub', id: 'provas-resumo', role: 'status', tabindex: '-1' });
  /** Whether the proofs of the first rows are still to come. */
  let isChecking = isHolder;
  /** Only the answer to the last load is taken. */
  let loads = 0;
  /** @type {import('./checkpoint.js').LogKey | undefined} */
  let key;
  /** @type {readonly import('./withheld-reads.js').Withheld[] | undefined} */
  let withheld;

  /** @param {any[]} nodes @param {import('./graph.js').Answer} asked */
  async function marksOf(nodes, { errors, omitted }) {
    if (!isHolder) return markUnproven(nodes, 'DO_TITULAR');
    if (nodes.some((read) => read?.prova)) key ??= await fetchLogKey();
    return judgeReads(nodes, errors, omitted, key);
  }

  /**
   * Asks for the rows after a cursor, and shows them below those before.
   *
   * @param {string | null} after null for the newest rows
   * @param {import('./rows.js').Rows} before
   * @returns {Promise<string | undefined>} why they are not shown, in words; undefined also when nobody waits for them any more
   */
  async function load(after, before) {
    const own = ++loads;
    const [asked, fetched] = await Promise.all([
      ask(isHolder ? 'PaginaProvas' : 'PaginaConsultas', { cpf, after }),
      isHolder && after === null ? fetchWithheld(answer.finalidade) : withheld,
    ]);
    const next = asked.data?.pessoa?.eventos?.consultas;
    const nodes = next && (await marksOf(next.nodes, asked).catch(() => markUnproven(next.nodes, 'NAO_CONFERIDA')));
    if (own !== loads || asked.status === 401) return undefined;
    if (!next) return wordsOfRefusal(asked);
    withheld = fetched;
    isChecking = false;
    render({ ...next, nodes }, withoutProofErrors(asked.errors), before);
    return undefined;
  }
  /** @param {string | null} after @param {import('./rows.js').Rows} before */
  async function loadMore(after, before) {
    const trouble = await load(after, before);
    if (trouble !== undefined) sayTrouble(content, trouble);
  }
  async function proveAgain() {
    const said = summary.textContent;
    summary.textContent = CHECKING;
    const trouble = await load(null, NO_ROWS);
    if (trouble !== undefined) {
      summary.textContent = said;
      sayTrouble(content, trouble);
    }
    summary.focus();
  }

  /** @param {any} connection its nodes are marks @param {readonly import('./graph.js').GraphError[]} errors @param {import('./rows.js').Rows} before */
  function render(connection, errors, before) {
    const list = addRows(before, connection.nodes, errors, 'eventos.consultas.nodes');
    const { rows, lost } = list;
    const { hasNextPage, endCursor } = connection.pageInfo;
    const marks = placeWithheld(judgeTogether(rows), withheld ?? [], !hasNextPage);
    const unshown = marks.length - rows.length;
    summary.textContent = isChecking ? CHECKING : summaryOf(marks) + (withheld ? '' : UNSAID);
    const hadFocus = content.contains(document.activeElement);
    const isOpen = content.querySelector('details')?.open ?? false;
    refill(
      content,
      ...rowNotes(list, LOST),
      faultBox(marks),
      ...(marks.length === 0 && lost === 0 && !hasNextPage && !isChecking
        ? [emptyNote('Nenhuma consulta', isHolder && !withheld ? 'A lista está vazia.' : 'Ninguém consultou este CPF.')]
        : [
            marks.length > 0 && h('div', { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de consultas', tabindex: '0' }, table('Consultas a este CPF, da mais recente à mais antiga', COLUMNS, marks.map(cellsOf), (row) => (row >= PRINTED ? 'so-tela' : undefined))), // prettier-ignore
            h(
              'div',
              { class: 'paginas' },
              h('p', {}, `${count(rows.length)} de ${count(connection.totalCount)}${unshown > 0 ? `, e ${count(unshown)} sem conteúdo` : ''}`), // prettier-ignore
              isHolder && !isChecking && (mayComeLater(marks) || !withheld) && h('button', { type: 'button', class: 'so-tela', onclick: proveAgain }, 'Conferir de novo'), // prettier-ignore
              hasNextPage && h('button', { type: 'button', class: 'so-tela', disabled: isChecking, onclick: () => loadMore(endCursor, list) }, 'Mostrar mais'), // prettier-ignore
            ),
          ]),
      ...checkpointNotes(marks, key, isOpen),
    );
    if (hadFocus) summary.focus({ preventScroll: true });
  }

  /** Shows the rows of the whole answer. @param {any} connection @param {'CONFERINDO' | 'SEM_RESPOSTA' | 'DO_TITULAR'} state */
  const showUnproven = (connection, state) =>
    render({ ...connection, nodes: markUnproven(connection.nodes, state) }, answer.errors, NO_ROWS);

  /** Shows the proofs of the newest rows as soon as they can be there. @param {any} connection of the whole answer */
  async function prove(connection) {
    await new Promise((resolve) => setTimeout(resolve, PLACE_MILLIS));
    if (!content.isConnected) return; // another question, or the session has ended
    const trouble = await load(null, NO_ROWS);
    if (trouble === undefined) return;
    isChecking = false;
    showUnproven(connection, 'SEM_RESPOSTA');
    sayTrouble(content, trouble);
  }

  return section(
    'consultas',
    'Quem consultou',
    h('p', { class: 'sub' }, 'Quem acessou os dados deste CPF, quando e para quê (Lei 12.414, art. 6º).'),
    shown(answer, 'eventos.consultas', (connection) => {
      showUnproven(connection, isHolder ? 'CONFERINDO' : 'DO_TITULAR');
      if (isHolder) void prove(connection);
      return isHolder ? [summary, content] : content;
    }),
  );
}

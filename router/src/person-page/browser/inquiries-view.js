import { h, refill, table } from './dom.js';
import { cnpj, count, instant, NOTHING } from './format.js';
import { wordsOfRefusal } from './losses.js';
import { addRows, NO_ROWS, rowNotes } from './rows.js';
import { emptyNote, sayTrouble, section, shown } from './section.js';
import { finalidade } from './words.js';

const PRINTED = 8;
const LOST = { one: 'Uma consulta não pode ser mostrada', many: 'consultas não podem ser mostradas', text: 'Há um valor com defeito na base.' }; // prettier-ignore

const COLUMNS = [
  { text: 'Quando', className: 'numero', header: true },
  { text: 'Quem consultou' },
  { text: 'Finalidade' },
  { text: 'Produto' },
  { text: 'Prova do registro' },
];

/** @param {any} inquiry */
const cellsOf = ({ dataHora, consulente, cnpjConsulente, biro, finalidade: purpose, produto, peloTitular }) => [
  instant(dataHora),
  [h('span', {}, consulente, peloTitular && h('em', { class: 'selo' }, 'o próprio titular')), cnpjConsulente && h('small', {}, `CNPJ ${cnpj(cnpjConsulente)}`)], // prettier-ignore
  finalidade(purpose),
  [h('span', {}, produto ?? NOTHING), biro && h('small', {}, biro)],
  NOTHING,
];

/**
 * Who asked for this person, when and why.
 *
 * @param {any} answer
 * @param {(name: string, variables: object) => Promise<import('./graph.js').Answer>} ask
 */
export function inquiriesView(answer, ask) {
  const content = h('div', {});
  let loads = 0;
  /** @param {any} connection @param {readonly import('./graph.js').GraphError[]} errors @param {import('./rows.js').Rows} before */
  function render(connection, errors, before) {
    const list = addRows(before, connection.nodes, errors, 'eventos.consultas.nodes');
    const { rows, lost } = list;
    const { hasNextPage, endCursor } = connection.pageInfo;
    const more = async () => {
      const load = ++loads;
      const asked = await ask('PaginaConsultas', { cpf: answer.pessoa.cpf, after: endCursor });
      if (load !== loads || asked.status === 401) return;
      const next = asked.data?.pessoa?.eventos?.consultas;
      if (next) render(next, asked.errors, list);
      else sayTrouble(content, wordsOfRefusal(asked));
    };
    refill(
      content,
      ...rowNotes(list, LOST),
      ...(rows.length === 0 && lost === 0 && !hasNextPage
        ? [emptyNote('Nenhuma consulta', 'Ninguém consultou este CPF.')]
        : [
            rows.length > 0 && h('div', { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de consultas', tabindex: '0' }, table('Consultas a este CPF, da mais recente à mais antiga', COLUMNS, rows.map(cellsOf), (row) => (row >= PRINTED ? 'so-tela' : undefined))), // prettier-ignore
            h('div', { class: 'paginas' }, h('p', {}, `${count(rows.length)} de ${count(connection.totalCount)}`), hasNextPage && h('button', { type: 'button', class: 'so-tela', onclick: more }, 'Mostrar mais')), // prettier-ignore
          ]),
    );
  }
  return section(
    'consultas',
    'Quem consultou',
    h('p', { class: 'sub' }, 'Quem acessou os dados deste CPF, quando e para quê (Lei 12.414, art. 6º).'),
    shown(answer, 'eventos.consultas', (connection) => {
      render(connection, answer.errors, NO_ROWS);
      return content;
    }),
  );
}

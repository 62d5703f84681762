import { h, table } from './dom.js';
import { cnpj, count, instant, NOTHING } from './format.js';
import { emptyNote, section, shown } from './section.js';
import { finalidade } from './words.js';

const PRINTED = 8;

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
  /** @param {any} connection @param {any[]} before */
  function render(connection, before) {
    const rows = [...before, ...connection.nodes.filter((/** @type {any} */ node) => node !== null)];
    const { hasNextPage, endCursor } = connection.pageInfo;
    const more = async () => {
      const { data } = await ask('PaginaConsultas', { cpf: answer.pessoa.cpf, after: endCursor });
      const next = data?.pessoa?.eventos?.consultas;
      if (next) render(next, rows);
    };
    content.replaceChildren(
      ...(rows.length === 0
        ? [emptyNote('Nenhuma consulta', 'Ninguém consultou este CPF.')]
        : [
            h('div', { class: 'rolagem', role: 'region', 'aria-label': 'Tabela de consultas', tabindex: '0' }, table('Consultas a este CPF, da mais recente à mais antiga', COLUMNS, rows.map(cellsOf), (row) => (row >= PRINTED ? 'so-tela' : undefined))), // prettier-ignore
            h('div', { class: 'paginas' }, h('p', {}, `${count(rows.length)} de ${count(connection.totalCount)}`), hasNextPage && h('button', { type: 'button', class: 'so-tela', onclick: more }, 'Mostrar mais')), // prettier-ignore
          ]),
    );
  }
  return section(
    'consultas',
    'Quem consultou',
    h('p', { class: 'sub' }, 'Quem acessou os dados deste CPF, quando e para quê (Lei 12.414, art. 6º).'),
    shown(answer, 'eventos.consultas', (connection) => {
      render(connection, []);
      return content;
    }),
  );
}

import { maskCpf } from './cpf.js';
import { count, money, NOTHING, percent, plainMoney } from './format.js';
import { OMITTED, wordsOfLoss } from './losses.js';
import { faixa, situacaoCadastral as wordsOfSituation } from './words.js';

/** @typedef {import('./graph.js').GraphError} GraphError */

/** The column is about the CPF: its words need not say so. @param {string | null} code */
const situacao = (code) => (code === 'REGULAR' ? 'Regular' : wordsOfSituation(code).replace(/^CPF (.)/, (_all, first) => first.toUpperCase())); // prettier-ignore

/**
 * The columns of the list. `sortBy` gives what rows are compared by; without a value a row is last. `csv` gives what a file has.
 *
 * @type {{ key: string, text: string, className?: string, header?: boolean, show: (row: any) => string, csv: (row: any) => string | number, sortBy: (row: any) => string | number | undefined }[]}
 */
export const COLUMNS = [
  { key: 'cpf', text: 'CPF', className: 'numero', header: true, show: ({ cpf }) => maskCpf(cpf), csv: ({ cpf }) => maskCpf(cpf), sortBy: ({ cpf }) => cpf },
  { key: 'nome', text: 'Nome', show: ({ nome }) => nome ?? NOTHING, csv: ({ nome }) => nome ?? '', sortBy: ({ nome }) => nome ?? undefined },
  { key: 'situacao', text: 'Situação', show: ({ situacaoCadastral: code }) => situacao(code), csv: ({ situacaoCadastral: code }) => (code ? situacao(code) : ''), sortBy: ({ situacaoCadastral: code }) => code ?? undefined },
  { key: 'score', text: 'Score', className: 'direita numero', show: ({ score }) => (score ? String(score.valor) : NOTHING), csv: ({ score }) => score?.valor ?? '', sortBy: ({ score }) => score?.valor },
  { key: 'faixa', text: 'Faixa', show: ({ score }) => faixa(score?.faixa), csv: ({ score }) => (score ? faixa(score.faixa) : ''), sortBy: ({ score }) => score?.valor },
  { key: 'chance', text: 'Inadimplência', className: 'direita numero', show: ({ score }) => (score ? percent(score.probabilidadeInadimplencia) : NOTHING), csv: ({ score }) => (score ? score.probabilidadeInadimplencia.replace('.', ',') : ''), sortBy: ({ score }) => score && Number(score.probabilidadeInadimplencia) },
  { key: 'dividas', text: 'Dívidas', className: 'direita numero', show: ({ resumoDividas }) => (resumoDividas ? count(resumoDividas.quantidade) : NOTHING), csv: ({ resumoDividas }) => resumoDividas?.quantidade ?? '', sortBy: ({ resumoDividas }) => resumoDividas?.quantidade },
  { key: 'total', text: 'Valor das dívidas', className: 'direita numero', show: ({ resumoDividas }) => money(resumoDividas?.valorTotal), csv: ({ resumoDividas }) => plainMoney(resumoDividas?.valorTotal), sortBy: ({ resumoDividas }) => resumoDividas && Number(resumoDividas.valorTotal) },
  { key: 'renda', text: 'Renda mensal', className: 'direita numero', show: ({ perfil }) => money(perfil?.rendaMensal), csv: ({ perfil }) => plainMoney(perfil?.rendaMensal), sortBy: ({ perfil }) => (perfil?.rendaMensal ? Number(perfil.rendaMensal) : undefined) },
  { key: 'patrimonio', text: 'Patrimônio líquido', className: 'direita numero', show: ({ perfil }) => money(perfil?.patrimonioLiquido), csv: ({ perfil }) => plainMoney(perfil?.patrimonioLiquido), sortBy: ({ perfil }) => (perfil?.patrimonioLiquido ? Number(perfil.patrimonioLiquido) : undefined) },
  { key: 'observacao', text: 'Observação', show: ({ observacao }) => observacao || NOTHING, csv: ({ observacao }) => observacao, sortBy: ({ observacao }) => observacao || undefined },
]; // prettier-ignore

/** The fields that may be null. */
const FIELDS = ['nome', 'situacaoCadastral', 'resumoDividas', 'score', 'perfil', 'perfil.rendaMensal', 'perfil.patrimonioLiquido']; // prettier-ignore

/**
 * Whether a null of a row has no error that explains it.
 *
 * @param {any} pessoa
 * @param {readonly GraphError[]} losses those of the row
 */
function hasBareNull(pessoa, losses) {
  const places = losses.map(({ path = [] }) => path.slice(typeof path[1] === 'number' ? 2 : 1));
  return FIELDS.some((field) => {
    const [outer = '', inner] = field.split('.');
    if (inner && (pessoa[outer] ?? null) === null) return false; // the field around it says so
    if ((inner ? pessoa[outer][inner] : pessoa[outer]) !== null) return false;
    return !places.some((place) => (place[0] ?? outer) === outer && (!inner || (place[1] ?? inner) === inner));
  });
}

/**
 * Adds to each person what is missing of them, and why, in words.
 *
 * @param {readonly any[]} pessoas
 * @param {readonly GraphError[]} errors
 * @param {number} [omitted] how many errors the answer left out: a null without an error may be one of theirs
 */
export function rowsOf(pessoas, errors, omitted = 0) {
  return pessoas.map((pessoa, index) => {
    const losses = errors.filter(({ path = [] }) => path.length === 0 || (path[0] === 'pessoas' && (typeof path[1] !== 'number' || path[1] === index))); // prettier-ignore
    const words = new Set(losses.map((error) => wordsOfLoss(error).title));
    if (omitted > 0 && hasBareNull(pessoa, losses)) words.add(wordsOfLoss(OMITTED).title);
    const isUnknown =
      losses.length === 0 &&
      omitted === 0 &&
      ['nome', 'score', 'perfil', 'resumoDividas'].every((field) => pessoa[field] === null);
    return { ...pessoa, observacao: isUnknown ? 'Nada consta' : [...words].join('; ') };
  });
}

/**
 * @param {readonly any[]} rows
 * @param {string} key the key of a column
 * @param {boolean} isDescending
 */
export function sortRows(rows, key, isDescending) {
  const column = COLUMNS.find((candidate) => candidate.key === key);
  const sortBy = column?.sortBy ?? (() => undefined);
  return rows.toSorted((left, right) => {
    const [a, b] = [sortBy(left), sortBy(right)];
    if (a === undefined || a === null || b === undefined || b === null) return Number(a === undefined || a === null) - Number(b === undefined || b === null); // prettier-ignore
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'pt-BR');
    return isDescending ? -order : order;
  });
}

/** @param {readonly any[]} rows */
export const csvRows = (rows) => [COLUMNS.map(({ text }) => text), ...rows.map((row) => COLUMNS.map(({ csv }) => csv(row)))]; // prettier-ignore

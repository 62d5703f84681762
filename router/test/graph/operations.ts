import { ANA, BIA, cpfNumber, punctuated } from './people.ts';
import { MAIN_QUERY, MANY_QUERY } from './queries.ts';

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

const ana = { cpf: ANA };
const anaAndBia = { cpfs: [ANA, BIA] };
const person = (selection: string): Operation => ({ query: `query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${selection} } }`, variables: ana }); // prettier-ignore
const people = (selection: string): Operation => ({ query: `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { ${selection} } }`, variables: anaAndBia }); // prettier-ignore

const TWO_NAMED = `query Nota($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } nome } }
  query Nome($cpf: CPF!) { pessoa(cpf: $cpf) { nome eventos { ultimaCompraCartao { valor } } } }`;

/** Operations whose plan is one round of independent fetches. The router compiles them. */
export const plainOperations: Readonly<Record<string, Operation>> = {
  'the main query': { query: MAIN_QUERY, variables: ana },
  'people with repeats': { query: MANY_QUERY, variables: { cpfs: [BIA, ANA, BIA, cpfNumber(7), ANA] } },
  'an empty list of people': { query: MANY_QUERY, variables: { cpfs: [] } }, // prettier-ignore
  'a list of one given as a value': { query: MANY_QUERY, variables: { cpfs: ANA } },
  'literals': { query: `{ pessoa(cpf: "${punctuated(ANA)}") { nome score { valor } } pessoas(cpfs: ["${BIA}"]) { cpf perfil { idade } } }` }, // prettier-ignore
  'aliases': person('documento: cpf quem: nome nota: score { pontos: valor f: faixa } dividas { itens: nodes { de: credor { quem: nome } } }'), // prettier-ignore
  'one field under two aliases': person('a: dividas(first: 1) { totalCount } b: dividas(first: 2) { nodes { id } } score { valor }'), // prettier-ignore
  'two people under two aliases': { query: `{ b: pessoa(cpf: "${BIA}") { nome score { valor } } a: pessoa(cpf: "${ANA}") { score { faixa } nome } }` }, // prettier-ignore
  'fragments': { query: `query ($cpf: CPF!) { pessoa(cpf: $cpf) { ...B ...A } } fragment A on Pessoa { cpf nome score { valor } } fragment B on Pessoa { eventos { ultimaCompraCartao { valor } } nome }`, variables: ana }, // prettier-ignore
  'fragments in fragments': { query: `query ($cpf: CPF!) { ...Raiz } fragment Raiz on Query { pessoa(cpf: $cpf) { ...A } } fragment A on Pessoa { score { ...S } ... { nome ... on Pessoa { dividas { totalCount } } } } fragment S on Score { faixa motivos { codigo } valor }`, variables: ana }, // prettier-ignore
  'one field written twice': person('score { valor } nome score { faixa valor } dividas { totalCount } dividas { nodes { id } totalCount }'), // prettier-ignore
  'fields and fragments written twice, not in a row': person('score { valor } ... on Pessoa { score { modelo } } nome ... { cpf } score { faixa } ... on Pessoa { nome dividas { totalCount } } ... { situacaoCadastral score { calculadoEm } }'), // prettier-ignore
  '__typename at each level': { query: `query ($cpfs: [CPF!]!) { __typename raiz: __typename pessoas(cpfs: $cpfs) { __typename t: __typename score { __typename valor } dividas { __typename nodes { __typename credor { c: __typename nome } } } } }`, variables: anaAndBia }, // prettier-ignore
  'nothing of a person but __typename': person('__typename score { __typename }'),
  'one source only': person('score { valor faixa }'),
  'the CPF alone': person('cpf'),
  'the CPF beside all three sources': people('cpf nome score { valor } eventos { ultimaCompraCartao { valor } }'),
  'deep lists': people('dividas { edges { cursor node { credor { nome cnpj } } } nodes { id credor { nome } } pageInfo { hasNextPage endCursor } } score { motivos { codigo pontosPerdidos } dadosAusentes }'), // prettier-ignore
  'nulls and empty lists': people('perfil { bens { tipo } fontesDeRenda { tipo } endereco { numero complemento } } score { pontosBase fatores { nome } } dividas { nodes { valorAtualizado credor { cnpj } } }'), // prettier-ignore
  'the first of two named operations': { query: TWO_NAMED, variables: ana, operationName: 'Nota' },
  'the second of two named operations': { query: TWO_NAMED, variables: ana, operationName: 'Nome' },
  'a name where one operation is': { query: MAIN_QUERY, variables: ana, operationName: 'Principal' },
  'default values of variables': { query: `query ($cpf: CPF! = "${ANA}", $first: Int = 2, $filtro: FiltroDivida = { situacoes: [EM_ABERTO] }) { pessoa(cpf: $cpf) { nome dividas(first: $first, filtro: $filtro) { totalCount } score { valor } } }` }, // prettier-ignore
  'a default value overridden': { query: `query ($cpf: CPF! = "${ANA}") { pessoa(cpf: $cpf) { nome score { valor } } }`, variables: { cpf: BIA } }, // prettier-ignore
  'a variable called __proto__': { query: 'query ($__proto__: CPF!) { pessoa(cpf: $__proto__) { nome score { valor } } }', variables: JSON.parse(`{"__proto__":"${ANA}"}`) as Record<string, unknown> }, // prettier-ignore
  'null variables': { query: `query ($cpf: CPF!, $after: String, $filtro: FiltroDivida) { pessoa(cpf: $cpf) { dividas(after: $after, filtro: $filtro) { totalCount } score { valor } } }`, variables: { ...ana, after: null, filtro: null } }, // prettier-ignore
  'an undeclared variable': { query: MAIN_QUERY, variables: { ...ana, outra: 1 } },
};

/** Operations that the gateway's own executor runs each time. */
export const refusedOperations: Readonly<Record<string, Operation>> = {
  '@include and @skip by variable': { query: `query ($cpf: CPF!, $sim: Boolean!, $nao: Boolean = false) { pessoa(cpf: $cpf) { nome @include(if: $sim) score @skip(if: $sim) { valor } ... @include(if: $nao) { cpf } } }`, variables: { ...ana, sim: true } }, // prettier-ignore
  'conditions that let everything through': { query: `query ($cpf: CPF!, $sim: Boolean!) { pessoa(cpf: $cpf) { nome @include(if: $sim) score { valor @include(if: $sim) faixa } } }`, variables: { ...ana, sim: true } }, // prettier-ignore
  '@include and @skip by literal': person('nome @include(if: true) cpf @skip(if: true) score { valor @skip(if: false) faixa @include(if: false) }'), // prettier-ignore
  'a fragment under a condition': { query: `query ($cpf: CPF!, $sim: Boolean!) { pessoa(cpf: $cpf) { nome ...S @include(if: $sim) } } fragment S on Pessoa { score { valor } }`, variables: { ...ana, sim: false } }, // prettier-ignore
  'a root under a condition': { query: `query ($cpf: CPF!, $sim: Boolean!) { pessoa(cpf: $cpf) { nome score { valor } } b: pessoa(cpf: $cpf) @include(if: $sim) { cpf } }`, variables: { ...ana, sim: false } }, // prettier-ignore
  'introspection': { query: '{ __schema { queryType { name } } __type(name: "Pessoa") { fields { name } } }' }, // prettier-ignore
  'introspection beside a person': { query: `query ($cpf: CPF!) { __type(name: "Score") { name } pessoa(cpf: $cpf) { nome score { valor } } tipos: __schema { queryType { name } } }`, variables: ana }, // prettier-ignore
  '__typename of the root alone': { query: '{ __typename a: __typename }' },
  'aliases that every JavaScript object inherits': person('constructor: nome toString: cpf score { valueOf: valor hasOwnProperty: faixa } eventos { ultimaCompraCartao { valor } }'), // prettier-ignore
};

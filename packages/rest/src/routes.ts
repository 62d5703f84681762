import { movimentacaoFilterParams, pageParams } from './params.ts';
import type { RestQuery } from './params.ts';
import type { RestRoute } from './rest-route.ts';
import { restRoute } from './rest-route.ts';

const operation = (file: string): URL => new URL(`./operations/${file}.graphql`, import.meta.url);

const pageVariables = ({ limite, cursor }: RestQuery) => ({ first: limite, after: cursor ?? null });

/** The SDL's filter. It is null without conditions, because a cursor belongs to the filter exactly as it was sent. */
function filtro({ de, ate, natureza, tipo, texto }: RestQuery): Record<string, unknown> | null {
  const conditions = Object.entries({ de, ate, natureza, tipos: tipo, texto }).filter(
    ([, value]) => value !== undefined,
  );
  return conditions.length === 0 ? null : Object.fromEntries(conditions);
}

const divida = restRoute({
  service: 'debt',
  path: '/divida/{cpf}',
  name: 'Divida',
  operation: operation('divida'),
  summary: 'Nome, endereço e dívidas de uma pessoa, segundo a Base A.',
  description:
    'Só as dívidas que a lei deixa mostrar a terceiros, da mais recente à mais antiga, em páginas. O resumo conta todas elas. O contrato vem mascarado a quem não tem `divida:read:completo`.',
  query: pageParams,
  variables: pageVariables,
  body: { cpf: 'cpf', nome: 'nome', endereco: 'endereco', dividas: 'dividas.nodes', resumo: 'resumoDividas' },
  parts: ['dividas', 'resumoDividas'],
  presenceMark: 'resumoDividas.desatualizado',
  connection: 'dividas',
  staleMarks: ['dividas.desatualizado', 'resumoDividas.desatualizado'],
});

const score = restRoute({
  service: 'score',
  path: '/score/{cpf}',
  name: 'Score',
  operation: operation('score'),
  summary: 'Nota de crédito de uma pessoa e os dados que a alimentam, segundo a Base B.',
  description: 'A nota vem com seus fatores e motivos. Bens e fontes de renda são os que entraram nela.',
  query: {},
  variables: () => ({}),
  body: {
    cpf: 'cpf',
    score: 'score',
    idade: 'perfil.idade',
    endereco: 'perfil.endereco',
    bens: 'perfil.bens',
    fontesDeRenda: 'perfil.fontesDeRenda',
  },
  parts: ['score', 'perfil', 'perfil.fontesDeRenda'],
  staleMarks: ['score.desatualizado', 'perfil.desatualizado'],
});

const evento = restRoute({
  service: 'event',
  path: '/evento/{cpf}',
  name: 'Evento',
  operation: operation('evento'),
  summary: 'Última consulta, movimentação financeira dos últimos 30 dias e última compra com cartão, segundo a Base C.',
  description:
    'A movimentação vem em páginas, da mais recente à mais antiga. Ela e a compra com cartão pedem o consentimento do titular, e sem ele a resposta inteira é 403.',
  query: pageParams,
  variables: pageVariables,
  body: {
    cpf: 'cpf',
    ultimaConsulta: 'eventos.ultimaConsulta',
    movimentacaoFinanceira: 'eventos.movimentacaoFinanceira.nodes',
    ultimaCompraCartao: 'eventos.ultimaCompraCartao',
  },
  parts: ['eventos', 'eventos.movimentacaoFinanceira'],
  connection: 'eventos.movimentacaoFinanceira',
  staleMarks: [],
});

const movimentacaoFinanceira = restRoute({
  service: 'event',
  path: '/evento/movtofinanceiro/{cpf}',
  name: 'MovimentacaoFinanceira',
  operation: operation('movimentacao-financeira'),
  summary: 'Movimentação financeira de uma pessoa, filtrada, segundo a Base C.',
  description:
    'Da mais recente à mais antiga, em páginas; o cursor vale para o mesmo filtro. Pede o consentimento do titular.',
  query: { ...movimentacaoFilterParams, ...pageParams },
  variables: (query) => ({ filtro: filtro(query), ...pageVariables(query) }),
  body: { cpf: 'cpf', movimentacaoFinanceira: 'eventos.movimentacaoFinanceira.nodes' },
  parts: ['eventos', 'eventos.movimentacaoFinanceira'],
  connection: 'eventos.movimentacaoFinanceira',
  staleMarks: [],
});

const ultimaCompraCartao = restRoute({
  service: 'event',
  path: '/evento/ultcompracartao/{cpf}',
  name: 'UltimaCompraCartao',
  operation: operation('ultima-compra-cartao'),
  summary: 'Última compra com cartão de crédito de uma pessoa, segundo a Base C.',
  description:
    'Nula quando a pessoa não tem compra alguma. Nunca traz o número do cartão. Pede o consentimento do titular.',
  query: {},
  variables: () => ({}),
  body: { cpf: 'cpf', ultimaCompraCartao: 'eventos.ultimaCompraCartao' },
  parts: ['eventos'],
  staleMarks: [],
});

/** All routes. The router serves all five, and a service serves its own. */
export const restRoutes: readonly RestRoute[] = [divida, score, evento, movimentacaoFinanceira, ultimaCompraCartao];

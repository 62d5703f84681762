/** An operation of the cost bench, over as many people as its variable `cpfs` has. */
export interface CostOperation {
  readonly name: string;
  readonly query: string;
  readonly people: number;
}

const DIVIDA =
  'id credor { nome cnpj } contrato modalidade natureza situacao valorOriginal valorAtualizado vencimento dataInclusao dataComunicacao diasEmAtraso parcelasEmAtraso principal uf';
const MOVIMENTACAO =
  'id dataHora natureza tipo valor descricao canal instituicao { nome ispb compe } situacao contraparte saldoApos';
const CONSULTA = 'id consulente cnpjConsulente biro dataHora finalidade produto peloTitular';
const COMPRA =
  'id dataHora valor valorMoedaOrigem moedaOrigem estabelecimento mcc bandeira finalCartao emissor { nome ispb compe } formaPagamento parcelas presencial aprovada';
const ENDERECO = 'logradouro numero complemento bairro cidade uf cep codigoIbge atualizadoEm';
const SCORE =
  'valor faixa probabilidadeInadimplencia modelo calculadoEm pontosBase fatores { codigo nome faixaDoValor pontos pontosMaximos } motivos { codigo descricao pontosPerdidos } dadosAusentes desatualizado';
const PERFIL = `idade endereco { ${ENDERECO} } bens { id tipo descricao valorEstimado dataAvaliacao onerado saldoDevedor percentualPropriedade uf } fontesDeRenda { id tipo pagador cnpjPagador ocupacao valor periodicidade desde comprovada } patrimonioLiquido rendaMensal desatualizado`;

const repeat = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n + 1)).join(' ');

const EVERYTHING = `nome situacaoCadastral endereco { ${ENDERECO} } dividas(first: 10) { nodes { ${DIVIDA} } totalCount } resumoDividas { quantidade valorTotal } score { ${SCORE} } perfil { ${PERFIL} } eventos { ultimaConsulta { ${CONSULTA} } consultas(first: 10) { nodes { ${CONSULTA} } totalCount } movimentacaoFinanceira(first: 10) { nodes { ${MOVIMENTACAO} } totalCount } ultimaCompraCartao { ${COMPRA} } }`;
const MAIN =
  'nome dividas { nodes { credor { nome } valorOriginal } } score { valor faixa } eventos { ultimaConsulta { dataHora } movimentacaoFinanceira { nodes { valor } } ultimaCompraCartao { valor } }';

const selections: readonly (readonly [string, string, readonly number[]])[] = [
  ['the CPF alone', 'cpf', [1, 100]],
  ['a name', 'nome', [1, 100]],
  ['an address', `endereco { ${ENDERECO} }`, [1, 100]],
  ['25 debts', `dividas { nodes { ${DIVIDA} } }`, [1, 100]],
  ['25 debts and their total', `dividas { nodes { ${DIVIDA} } totalCount }`, [1, 100]],
  ['15 pages of debts', repeat(15, (n) => `d${n}: dividas(first: ${n}) { nodes { ${DIVIDA} } }`), [1, 50]],
  ['15 times the same page', repeat(15, (n) => `d${n}: dividas(first: 5) { nodes { ${DIVIDA} } }`), [1, 50]],
  ['the totals of debts', 'resumoDividas { quantidade valorTotal primeiraOcorrencia ultimaOcorrencia }', [1, 100]],
  ['a score', `score { ${SCORE} }`, [1, 100]],
  ['a profile', `perfil { ${PERFIL} }`, [1, 100]],
  ['the last inquiry', `eventos { ultimaConsulta { ${CONSULTA} } }`, [1, 100]],
  ['25 inquiries', `eventos { consultas { nodes { ${CONSULTA} } } }`, [1, 100]],
  ['25 postings', `eventos { movimentacaoFinanceira { nodes { ${MOVIMENTACAO} } } }`, [1, 100]],
  ['90 postings', `eventos { movimentacaoFinanceira(first: 90) { nodes { ${MOVIMENTACAO} } } }`, [1, 50]],
  [
    '25 postings and their total',
    `eventos { movimentacaoFinanceira { nodes { ${MOVIMENTACAO} } totalCount } }`,
    [1, 100],
  ],
  ['25 postings with a word', `eventos { movimentacaoFinanceira(filtro: { texto: "pagamento" }) { nodes { ${MOVIMENTACAO} } } }`, [1, 100]], // prettier-ignore
  ['15 pages of postings', `eventos { ${repeat(15, (n) => `m${n}: movimentacaoFinanceira(first: ${n}) { nodes { ${MOVIMENTACAO} } }`)} }`, [1, 50]], // prettier-ignore
  ['the last purchase', `eventos { ultimaCompraCartao { ${COMPRA} } }`, [1, 100]],
  ['15 pages of one debt', repeat(15, (n) => `d${n}: dividas(first: 1, filtro: { vencimentoDe: "2020-01-${n + 10}" }) { nodes { ${DIVIDA} } }`), [1, 100]], // prettier-ignore
  ['15 searches of one posting', `eventos { ${repeat(15, (n) => `m${n}: movimentacaoFinanceira(first: 1, filtro: { texto: "pag ${n}" }) { nodes { ${MOVIMENTACAO} } }`)} }`, [1, 100]], // prettier-ignore
  ['the main query', MAIN, [1, 10, 100]],
  ['every field, ten of each list', EVERYTHING, [1, 10, 50]],
];

export const costOperations: readonly CostOperation[] = selections.flatMap(([name, selection, counts]) =>
  counts.map((people) => ({
    name,
    people,
    query: `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { ${selection} } }`,
  })),
);

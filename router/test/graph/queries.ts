/** The query that the product is built for: all three sources at once. */
export const MAIN_QUERY = `query Principal($cpf: CPF!) {
  pessoa(cpf: $cpf) {
    nome
    dividas { nodes { credor { nome } valorOriginal } }
    score { valor faixa motivos { descricao } }
    eventos { ultimaConsulta { dataHora } movimentacaoFinanceira { nodes { valor } } ultimaCompraCartao { valor } }
  }
}`;

export const MANY_QUERY = MAIN_QUERY.replace('Principal($cpf: CPF!)', 'Muitas($cpfs: [CPF!]!)').replace(
  'pessoa(cpf: $cpf)',
  'pessoas(cpfs: $cpfs)',
);

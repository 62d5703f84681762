/** An example query over all three subgraphs, for the output of `npm start` and for the explorers. */
export const EXAMPLE_QUERY = `query Pessoa($cpf: CPF!) {
  pessoa(cpf: $cpf) {
    nome
    dividas { nodes { credor { nome } valorOriginal } }
    score { valor faixa motivos { descricao } }
    eventos {
      ultimaConsulta { dataHora }
      movimentacaoFinanceira { nodes { valor } }
      ultimaCompraCartao { valor }
    }
  }
}`;

/** The query that says in one go what the system is for: printed at start, shown by the explorers. */
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

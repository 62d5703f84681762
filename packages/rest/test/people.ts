const endereco = {
  logradouro: 'Rua Fictícia',
  numero: '10',
  complemento: null,
  bairro: 'Centro',
  cidade: 'São Paulo',
  uf: 'SP',
  cep: '01001000',
  codigoIbge: '3550308',
  atualizadoEm: '2026-10-01T12:00:00Z',
};

const instituicao = { nome: 'Banco Fictício', ispb: '12345678', compe: '999' };

/** The data of Ana in all bases, with the names of the SDL. */
export const ana = {
  nome: 'Ana Fictícia da Silva',
  endereco,
  resumo: {
    quantidade: 3,
    valorTotal: '4500.30',
    primeiraOcorrencia: '2025-01-10',
    ultimaOcorrencia: '2026-03-10',
    desatualizado: false,
  },
  score: {
    valor: 712,
    faixa: 'EXCELENTE',
    probabilidadeInadimplencia: '0.0541',
    modelo: 'teste-1',
    calculadoEm: '2026-11-22T12:00:00Z',
    pontosBase: 600,
    fatores: [{ codigo: 'RENDA', nome: 'Renda mensal', faixaDoValor: '3000 a 5000', pontos: 112, pontosMaximos: 150 }],
    motivos: [{ codigo: 'RENDA', descricao: 'Renda abaixo da melhor faixa', pontosPerdidos: 38 }],
    dadosAusentes: ['ENDERECO'],
    desatualizado: false,
  },
  perfil: {
    idade: 41,
    endereco,
    bens: [
      {
        id: 'b1',
        tipo: 'VEICULO',
        descricao: 'Automóvel',
        valorEstimado: '45000.00',
        dataAvaliacao: '2026-01-02',
        onerado: true,
        saldoDevedor: '12000.50',
        percentualPropriedade: 100,
        uf: 'SP',
      },
    ],
    fontesDeRenda: [
      {
        id: 'f1',
        tipo: 'SALARIO',
        pagador: 'Empresa Fictícia',
        cnpjPagador: '12ABC34501DE35',
        ocupacao: null,
        valor: '4200.00',
        periodicidade: 'MENSAL',
        desde: '2019-02-01',
        comprovada: true,
      },
    ],
    desatualizado: false,
  },
  ultimaConsulta: {
    id: 'c1',
    consulente: 'Loja Fictícia',
    cnpjConsulente: null,
    biro: null,
    dataHora: '2026-11-20T12:00:00Z',
    finalidade: 'VENDA_A_PRAZO',
    produto: null,
    peloTitular: false,
  },
  ultimaCompraCartao: {
    id: 'k1',
    dataHora: '2026-11-21T12:00:00Z',
    valor: '89.90',
    valorMoedaOrigem: null,
    moedaOrigem: null,
    estabelecimento: 'Mercado Fictício',
    mcc: '5411',
    bandeira: 'ELO',
    finalCartao: '1234',
    emissor: instituicao,
    formaPagamento: 'A_PRAZO',
    parcelas: 3,
    presencial: true,
    aprovada: true,
  },
};

const divida = (id: string, vencimento: string) => ({
  id,
  credor: { nome: 'Financeira Fictícia', cnpj: '11222333000181' },
  contrato: '****1234',
  modalidade: 'CARTAO_CREDITO',
  natureza: 'PEFIN',
  situacao: 'EM_ABERTO',
  valorOriginal: '1500.10',
  valorAtualizado: null,
  vencimento,
  dataInclusao: vencimento,
  dataComunicacao: vencimento,
  diasEmAtraso: 30,
  parcelasEmAtraso: null,
  principal: true,
  uf: 'SP',
});

/** Newest first. */
export const dividas = [divida('d3', '2026-03-10'), divida('d2', '2025-06-10'), divida('d1', '2025-01-10')];

const movimentacao = (day: string, natureza: string, tipo: string, descricao: string) => ({
  id: `m${day}`,
  dataHora: `${day}T12:00:00Z`,
  natureza,
  tipo,
  valor: '100.00',
  descricao,
  canal: 'APLICATIVO',
  instituicao,
  situacao: 'TRANSACAO_EFETIVADA',
  contraparte: null,
  saldoApos: '-12.34',
});

/** Newest first. */
export const movimentacoes = [
  movimentacao('2026-11-20', 'DEBITO', 'PIX', 'Padaria São João'),
  movimentacao('2026-11-18', 'DEBITO', 'TED', 'Aluguel'),
  movimentacao('2026-11-10', 'CREDITO', 'PIX', 'Venda'),
  movimentacao('2026-11-05', 'CREDITO', 'FOLHA_PAGAMENTO', 'Salário & bônus'),
  movimentacao('2026-11-01', 'DEBITO', 'SAQUE', 'Saque'),
];

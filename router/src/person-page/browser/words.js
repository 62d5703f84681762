/** The words of the page for the codes of the graph. A code without a word is shown in lower case. */

/** @param {Record<string, string>} words */
const translator = (words) => (/** @type {string | null | undefined} */ code) =>
  code ? (words[code] ?? code.toLowerCase().replaceAll('_', ' ')) : '—';

export const finalidade = translator({
  CONCESSAO_CREDITO: 'Concessão de crédito',
  REVISAO_LIMITE: 'Revisão de limite',
  VENDA_A_PRAZO: 'Venda a prazo',
  LOCACAO: 'Locação',
  PREVENCAO_FRAUDE: 'Prevenção a fraude',
  COBRANCA: 'Cobrança',
  CONSULTA_DO_TITULAR: 'Consulta do próprio titular',
  ORDEM_JUDICIAL: 'Ordem judicial',
});

/** @type {Record<string, string>} */
const OWN_OPERATIONS = {
  PaginaDaPessoa: 'Página da pessoa',
  PaginaConsultas: 'Lista de consultas',
  PaginaProvas: 'Provas das consultas',
  PaginaMovimentos: 'Lançamentos',
  PaginaLista: 'Lista de pessoas',
};

/** What a read was made with: a product that its bureau named, or an operation, of which the page's own have words. @param {string | null} name */
export const product = (name) => (name === null ? '—' : (OWN_OPERATIONS[name] ?? name));

export const faixa = translator({ BAIXO: 'Baixo', REGULAR: 'Regular', BOM: 'Bom', EXCELENTE: 'Excelente' });

export const situacaoCadastral = translator({
  REGULAR: 'CPF regular',
  PENDENTE_REGULARIZACAO: 'CPF pendente de regularização',
  SUSPENSA: 'CPF suspenso',
  CANCELADA_POR_MULTIPLICIDADE: 'CPF cancelado por multiplicidade',
  TITULAR_FALECIDO: 'Titular falecido',
  CANCELADA_DE_OFICIO: 'CPF cancelado de ofício',
  NULA: 'CPF nulo',
});

export const natureza = translator({
  PEFIN: 'Pendência comercial',
  REFIN: 'Pendência financeira',
  PROTESTO: 'Protesto',
  CHEQUE_SEM_FUNDO: 'Cheque sem fundo',
  COBRANCA: 'Cobrança',
  ACAO_JUDICIAL: 'Ação judicial',
});

export const modalidade = translator({
  CARTAO_CREDITO: 'Cartão de crédito',
  CHEQUE_ESPECIAL: 'Cheque especial',
  CREDITO_PESSOAL: 'Crédito pessoal',
  CREDITO_CONSIGNADO: 'Crédito consignado',
  FINANCIAMENTO_VEICULO: 'Financiamento de veículo',
  FINANCIAMENTO_IMOVEL: 'Financiamento de imóvel',
  CREDIARIO_VAREJO: 'Crediário do varejo',
  TELEFONIA: 'Telefonia',
  ENERGIA: 'Energia',
  AGUA: 'Água',
  EDUCACAO: 'Educação',
  CONDOMINIO: 'Condomínio',
  TRIBUTO: 'Tributo',
  OUTROS: 'Outros',
});

export const situacaoDivida = translator({
  EM_ABERTO: 'Em aberto',
  EM_NEGOCIACAO: 'Em negociação',
  ACORDO_VIGENTE: 'Acordo vigente',
  QUITADA: 'Quitada',
  BAIXADA_POR_PRAZO: 'Baixada por prazo',
  CONTESTADA: 'Contestada',
  SUSPENSA_JUDICIALMENTE: 'Suspensa pela Justiça',
});

export const tipoBem = translator({
  IMOVEL: 'Imóvel',
  VEICULO: 'Veículo',
  APLICACAO_FINANCEIRA: 'Aplicação financeira',
  PARTICIPACAO_SOCIETARIA: 'Participação societária',
  MAQUINA_OU_EQUIPAMENTO: 'Máquina ou equipamento',
  BEM_RURAL: 'Bem rural',
  OUTROS: 'Outro bem',
});

export const tipoRenda = translator({
  SALARIO: 'Salário',
  SERVIDOR_PUBLICO: 'Servidor público',
  APOSENTADORIA_OU_PENSAO: 'Aposentadoria ou pensão',
  AUTONOMO: 'Trabalho autônomo',
  PRO_LABORE: 'Pró-labore',
  ALUGUEL: 'Aluguel',
  INVESTIMENTO: 'Investimento',
  BENEFICIO_SOCIAL: 'Benefício social',
  OUTROS: 'Outra renda',
});

export const periodicidade = translator({
  DIARIA: 'por dia',
  SEMANAL: 'por semana',
  QUINZENAL: 'por quinzena',
  MENSAL: 'por mês',
  BIMESTRAL: 'por bimestre',
  TRIMESTRAL: 'por trimestre',
  SEMESTRAL: 'por semestre',
  ANUAL: 'por ano',
});

export const tipoMovimentacao = translator({
  PIX: 'Pix',
  TED: 'TED',
  TRANSFERENCIA_MESMA_INSTITUICAO: 'Transferência na instituição',
  BOLETO: 'Boleto',
  CONVENIO_ARRECADACAO: 'Convênio',
  TARIFA_SERVICOS: 'Tarifa',
  FOLHA_PAGAMENTO: 'Folha de pagamento',
  DEPOSITO: 'Depósito',
  SAQUE: 'Saque',
  CARTAO: 'Cartão',
  ENCARGOS_JUROS_CHEQUE_ESPECIAL: 'Juros do cheque especial',
  RENDIMENTO_APLIC_FINANCEIRA: 'Rendimento',
  RESGATE_APLIC_FINANCEIRA: 'Resgate',
  OPERACAO_CREDITO: 'Operação de crédito',
  PORTABILIDADE_SALARIO: 'Portabilidade de salário',
  OUTROS: 'Outros',
});

export const situacaoMovimentacao = translator({
  TRANSACAO_EFETIVADA: 'Efetivado',
  LANCAMENTO_FUTURO: 'Futuro',
  TRANSACAO_PROCESSANDO: 'Em processamento',
});

export const bandeira = translator({
  VISA: 'Visa',
  MASTERCARD: 'Mastercard',
  ELO: 'Elo',
  AMERICAN_EXPRESS: 'American Express',
  HIPERCARD: 'Hipercard',
  DINERS_CLUB: 'Diners Club',
  BANDEIRA_PROPRIA: 'Bandeira própria',
  OUTRAS: 'Outra bandeira',
});

export const fonte = translator({
  divida: 'dívidas (Base A)',
  score: 'score e perfil (Base B)',
  evento: 'eventos (Base C)',
});

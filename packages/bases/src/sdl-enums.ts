// Generated from schema/*.graphql by `npm run generate:bases`.

export type Bandeira =
  'VISA' | 'MASTERCARD' | 'ELO' | 'AMERICAN_EXPRESS' | 'HIPERCARD' | 'DINERS_CLUB' | 'BANDEIRA_PROPRIA' | 'OUTRAS';

export type CanalMovimentacao =
  'APLICATIVO' | 'INTERNET_BANKING' | 'AGENCIA' | 'CAIXA_ELETRONICO' | 'MAQUININHA' | 'CORRESPONDENTE' | 'OUTROS';

export type Finalidade =
  | 'CONCESSAO_CREDITO'
  | 'REVISAO_LIMITE'
  | 'VENDA_A_PRAZO'
  | 'LOCACAO'
  | 'PREVENCAO_FRAUDE'
  | 'COBRANCA'
  | 'CONSULTA_DO_TITULAR'
  | 'ORDEM_JUDICIAL';

export type FormaPagamento = 'A_VISTA' | 'A_PRAZO';

export type ModalidadeDivida =
  | 'CARTAO_CREDITO'
  | 'CHEQUE_ESPECIAL'
  | 'CREDITO_PESSOAL'
  | 'CREDITO_CONSIGNADO'
  | 'FINANCIAMENTO_VEICULO'
  | 'FINANCIAMENTO_IMOVEL'
  | 'CREDIARIO_VAREJO'
  | 'TELEFONIA'
  | 'ENERGIA'
  | 'AGUA'
  | 'EDUCACAO'
  | 'CONDOMINIO'
  | 'TRIBUTO'
  | 'OUTROS';

export type NaturezaAnotacao = 'PEFIN' | 'REFIN' | 'PROTESTO' | 'CHEQUE_SEM_FUNDO' | 'COBRANCA' | 'ACAO_JUDICIAL';

export type NaturezaLancamento = 'CREDITO' | 'DEBITO';

export type Periodicidade =
  'DIARIA' | 'SEMANAL' | 'QUINZENAL' | 'MENSAL' | 'BIMESTRAL' | 'TRIMESTRAL' | 'SEMESTRAL' | 'ANUAL';

export type SituacaoCadastral =
  | 'REGULAR'
  | 'PENDENTE_REGULARIZACAO'
  | 'SUSPENSA'
  | 'CANCELADA_POR_MULTIPLICIDADE'
  | 'TITULAR_FALECIDO'
  | 'CANCELADA_DE_OFICIO'
  | 'NULA';

export type SituacaoDivida =
  | 'EM_ABERTO'
  | 'EM_NEGOCIACAO'
  | 'ACORDO_VIGENTE'
  | 'QUITADA'
  | 'BAIXADA_POR_PRAZO'
  | 'CONTESTADA'
  | 'SUSPENSA_JUDICIALMENTE';

export type SituacaoMovimentacao = 'TRANSACAO_EFETIVADA' | 'LANCAMENTO_FUTURO' | 'TRANSACAO_PROCESSANDO';

export type TipoBem =
  | 'IMOVEL'
  | 'VEICULO'
  | 'APLICACAO_FINANCEIRA'
  | 'PARTICIPACAO_SOCIETARIA'
  | 'MAQUINA_OU_EQUIPAMENTO'
  | 'BEM_RURAL'
  | 'OUTROS';

export type TipoMovimentacao =
  | 'PIX'
  | 'TED'
  | 'TRANSFERENCIA_MESMA_INSTITUICAO'
  | 'BOLETO'
  | 'CONVENIO_ARRECADACAO'
  | 'TARIFA_SERVICOS'
  | 'FOLHA_PAGAMENTO'
  | 'DEPOSITO'
  | 'SAQUE'
  | 'CARTAO'
  | 'ENCARGOS_JUROS_CHEQUE_ESPECIAL'
  | 'RENDIMENTO_APLIC_FINANCEIRA'
  | 'RESGATE_APLIC_FINANCEIRA'
  | 'OPERACAO_CREDITO'
  | 'PORTABILIDADE_SALARIO'
  | 'OUTROS';

export type TipoRenda =
  | 'SALARIO'
  | 'SERVIDOR_PUBLICO'
  | 'APOSENTADORIA_OU_PENSAO'
  | 'AUTONOMO'
  | 'PRO_LABORE'
  | 'ALUGUEL'
  | 'INVESTIMENTO'
  | 'BENEFICIO_SOCIAL'
  | 'OUTROS';

export type Uf =
  | 'AC'
  | 'AL'
  | 'AM'
  | 'AP'
  | 'BA'
  | 'CE'
  | 'DF'
  | 'ES'
  | 'GO'
  | 'MA'
  | 'MG'
  | 'MS'
  | 'MT'
  | 'PA'
  | 'PB'
  | 'PE'
  | 'PI'
  | 'PR'
  | 'RJ'
  | 'RN'
  | 'RO'
  | 'RR'
  | 'RS'
  | 'SC'
  | 'SE'
  | 'SP'
  | 'TO';

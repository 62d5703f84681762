import type { Cpf } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { PessoaRef } from '@pessoa/domain/pessoa';
import type { Consulta } from '../consultas/consulta.ts';
import type { ConsultaPage } from '../consultas/consulta-pages.ts';
import type { Movimentacao as MovimentacaoRow } from '../movimentacoes/movimentacao.ts';
import type { MovimentacaoPage } from '../movimentacoes/movimentacao-pages.ts';
import type { Compra } from '../compras/compra.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  CNPJ: { input: string; output: string; }
  CPF: { input: Cpf; output: Cpf; }
  Data: { input: Data; output: string; }
  DataHora: { input: Date; output: string | Date; }
  Dinheiro: { input: bigint; output: bigint | string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Bandeira de cartão. */
export type Bandeira =
  | 'AMERICAN_EXPRESS'
  | 'BANDEIRA_PROPRIA'
  | 'DINERS_CLUB'
  | 'ELO'
  | 'HIPERCARD'
  | 'MASTERCARD'
  | 'OUTRAS'
  | 'VISA';

/** Canal pelo qual um lançamento foi feito. */
export type CanalMovimentacao =
  | 'AGENCIA'
  | 'APLICATIVO'
  | 'CAIXA_ELETRONICO'
  | 'CORRESPONDENTE'
  | 'INTERNET_BANKING'
  | 'MAQUININHA'
  | 'OUTROS';

/** Uma compra com cartão de crédito. */
export type CompraCartao = {
  __typename?: 'CompraCartao';
  /** true quando o emissor aprovou a compra. */
  aprovada: Scalars['Boolean']['output'];
  /** Bandeira do cartão. */
  bandeira: Bandeira;
  /** Quando a compra foi feita. */
  dataHora: Scalars['DataHora']['output'];
  /** Quem emitiu o cartão. */
  emissor: Maybe<Instituicao>;
  /** Onde a compra foi feita. */
  estabelecimento: Scalars['String']['output'];
  /** Quatro últimos dígitos. */
  finalCartao: Scalars['String']['output'];
  /** À vista ou a prazo. */
  formaPagamento: FormaPagamento;
  /** Identificador da compra, estável. */
  id: Scalars['ID']['output'];
  /** Quatro dígitos (ISO 18245). */
  mcc: Maybe<Scalars['String']['output']>;
  /** Moeda da compra, ISO 4217, quando não foi em reais. */
  moedaOrigem: Maybe<Scalars['String']['output']>;
  /** Em quantas parcelas; 1 quando foi à vista. */
  parcelas: Scalars['Int']['output'];
  /** true com o cartão presente; nulo quando não se sabe. */
  presencial: Maybe<Scalars['Boolean']['output']>;
  /** Valor em reais. */
  valor: Scalars['Dinheiro']['output'];
  /** Valor na moeda da compra, quando não foi em reais. */
  valorMoedaOrigem: Maybe<Scalars['Dinheiro']['output']>;
};

/** Registro de acesso a dados do titular. */
export type ConsultaCpf = {
  __typename?: 'ConsultaCpf';
  /** Birô pelo qual a consulta foi feita. */
  biro: Maybe<Scalars['String']['output']>;
  /** CNPJ de quem consultou. */
  cnpjConsulente: Maybe<Scalars['CNPJ']['output']>;
  /** Nome de quem consultou. */
  consulente: Scalars['String']['output'];
  /** Quando a consulta foi feita. */
  dataHora: Scalars['DataHora']['output'];
  /** Por que o dado foi acessado. */
  finalidade: Finalidade;
  /** Identificador da consulta, estável. */
  id: Scalars['ID']['output'];
  /** true quando foi o próprio titular. */
  peloTitular: Scalars['Boolean']['output'];
  /** Produto do birô que foi consultado. */
  produto: Maybe<Scalars['String']['output']>;
  /** Prova de que o registro desta consulta está no log da auditoria com este conteúdo. Só com o token do próprio titular. Nulo para as consultas da Base C, de que o nosso log não tem registro, e para as anteriores à lista do titular no log; PROVA_PENDENTE enquanto não há checkpoint com o registro, em geral até 2 s. */
  prova: Maybe<ProvaConsulta>;
};

export type ConsultaCpfAresta = {
  __typename?: 'ConsultaCpfAresta';
  cursor: Scalars['String']['output'];
  /** Nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  node: Maybe<ConsultaCpf>;
};

export type ConsultaCpfConexao = {
  __typename?: 'ConsultaCpfConexao';
  edges: Array<ConsultaCpfAresta>;
  /** Nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  nodes: Array<Maybe<ConsultaCpf>>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
  totalExato: Scalars['Boolean']['output'];
};

/** O que aconteceu com um CPF (Base C). */
export type Eventos = {
  __typename?: 'Eventos';
  /** Quem consultou este CPF, da mais recente à mais antiga (Lei 12.414 art. 6º: o titular pode perguntar). `first` vai de 1 a 100. */
  consultas: Maybe<ConsultaCpfConexao>;
  /** Lançamentos financeiros, do mais recente ao mais antigo. Dado sob sigilo bancário (LC 105): exige escopo próprio e consentimento do titular. `first` vai de 1 a 100. */
  movimentacaoFinanceira: Maybe<MovimentacaoConexao>;
  /** Última compra com cartão de crédito. Nunca traz o número do cartão. */
  ultimaCompraCartao: Maybe<CompraCartao>;
  /** Última consulta de um terceiro a este CPF. */
  ultimaConsulta: Maybe<ConsultaCpf>;
};


/** O que aconteceu com um CPF (Base C). */
export type EventosConsultasArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filtro?: InputMaybe<FiltroConsulta>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** O que aconteceu com um CPF (Base C). */
export type EventosMovimentacaoFinanceiraArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filtro?: InputMaybe<FiltroMovimentacao>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type FiltroConsulta = {
  ate?: InputMaybe<Scalars['Data']['input']>;
  de?: InputMaybe<Scalars['Data']['input']>;
  finalidades?: InputMaybe<Array<Finalidade>>;
};

/** Período de no máximo 365 dias; sem período, os últimos 30 dias. */
export type FiltroMovimentacao = {
  ate?: InputMaybe<Scalars['Data']['input']>;
  de?: InputMaybe<Scalars['Data']['input']>;
  natureza?: InputMaybe<NaturezaLancamento>;
  /** Todas as palavras, sem distinção de acento ou caixa, na descrição e na contraparte; a última vale como prefixo. Um texto sem letra nem algarismo é recusado. */
  texto?: InputMaybe<Scalars['String']['input']>;
  tipos?: InputMaybe<Array<TipoMovimentacao>>;
  valorMaximo?: InputMaybe<Scalars['Dinheiro']['input']>;
  valorMinimo?: InputMaybe<Scalars['Dinheiro']['input']>;
};

/** Por que o dado foi acessado. A lista é nossa; a exigência, da Lei 12.414 art. 7º. */
export type Finalidade =
  | 'COBRANCA'
  | 'CONCESSAO_CREDITO'
  | 'CONSULTA_DO_TITULAR'
  | 'LOCACAO'
  | 'ORDEM_JUDICIAL'
  | 'PREVENCAO_FRAUDE'
  | 'REVISAO_LIMITE'
  | 'VENDA_A_PRAZO';

/** Como uma compra é paga. */
export type FormaPagamento =
  | 'A_PRAZO'
  | 'A_VISTA';

/** Instituição financeira ou de pagamento. */
export type Instituicao = {
  __typename?: 'Instituicao';
  /** Código COMPE, três dígitos. */
  compe: Maybe<Scalars['String']['output']>;
  /** ISPB, oito posições. */
  ispb: Maybe<Scalars['String']['output']>;
  /** Nome da instituição. */
  nome: Scalars['String']['output'];
};

/** Um lançamento em conta. */
export type Movimentacao = {
  __typename?: 'Movimentacao';
  /** Por que canal foi feito. */
  canal: Maybe<CanalMovimentacao>;
  /** A outra ponta do lançamento. */
  contraparte: Maybe<Scalars['String']['output']>;
  /** Quando foi lançado. */
  dataHora: Scalars['DataHora']['output'];
  /** Descrição como consta no extrato. */
  descricao: Maybe<Scalars['String']['output']>;
  /** Identificador do lançamento, estável. */
  id: Scalars['ID']['output'];
  /** Instituição em que o lançamento foi feito. */
  instituicao: Maybe<Instituicao>;
  /** Crédito ou débito: `valor` não tem sinal. */
  natureza: NaturezaLancamento;
  /** Saldo da conta depois do lançamento; pode ser negativo. */
  saldoApos: Maybe<Scalars['Dinheiro']['output']>;
  /** Se o lançamento já se efetivou. */
  situacao: SituacaoMovimentacao;
  /** Tipo do lançamento. */
  tipo: TipoMovimentacao;
  /** Valor do lançamento. */
  valor: Scalars['Dinheiro']['output'];
};

export type MovimentacaoAresta = {
  __typename?: 'MovimentacaoAresta';
  cursor: Scalars['String']['output'];
  /** Nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  node: Maybe<Movimentacao>;
};

export type MovimentacaoConexao = {
  __typename?: 'MovimentacaoConexao';
  edges: Array<MovimentacaoAresta>;
  /** Nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  nodes: Array<Maybe<Movimentacao>>;
  pageInfo: PageInfo;
  /** Exato até 10.000. */
  totalCount: Scalars['Int']['output'];
  totalExato: Scalars['Boolean']['output'];
};

/** Crédito ou débito na conta. */
export type NaturezaLancamento =
  | 'CREDITO'
  | 'DEBITO';

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor: Maybe<Scalars['String']['output']>;
};

export type Pessoa = {
  __typename?: 'Pessoa';
  cpf: Scalars['CPF']['output'];
  /** O que aconteceu com este CPF (Base C). */
  eventos: Maybe<Eventos>;
};

/** Prova de um registro no log da auditoria (RFC 6962), para quem a confere sem confiar em nós: a entrada é SHA-256(nonce ‖ registro), a folha SHA-256(0x00 ‖ entrada). Bytes em base64. */
export type ProvaConsulta = {
  __typename?: 'ProvaConsulta';
  /** Checkpoint do log: uma nota assinada (C2SP). É o mesmo em todas as provas de uma resposta. */
  checkpoint: Scalars['String']['output'];
  /** Os hashes ao lado do caminho da folha até a raiz do checkpoint. */
  inclusao: Array<Scalars['String']['output']>;
  /** Lugar do registro no log, a partir de 0. Em texto, porque não cabe em Int. */
  indice: Scalars['String']['output'];
  /** O número aleatório da entrada. */
  nonce: Scalars['String']['output'];
  /** Prova da VRF (RFC 9381) de que `indicePessoa`, no registro, é o índice deste CPF. */
  pessoa: Scalars['String']['output'];
  /** O registro em JSON canônico (RFC 8785): os bytes de que a entrada é feita. */
  registro: Scalars['String']['output'];
};

export type Query = {
  __typename?: 'Query';
  pessoa: Maybe<Pessoa>;
  pessoas: Array<Pessoa>;
};


export type QueryPessoaArgs = {
  cpf: Scalars['CPF']['input'];
};


export type QueryPessoasArgs = {
  cpfs: Array<Scalars['CPF']['input']>;
};

/** Se um lançamento está efetivado, em processamento ou por vir. */
export type SituacaoMovimentacao =
  | 'LANCAMENTO_FUTURO'
  | 'TRANSACAO_EFETIVADA'
  | 'TRANSACAO_PROCESSANDO';

/** Tipo de lançamento. */
export type TipoMovimentacao =
  | 'BOLETO'
  | 'CARTAO'
  | 'CONVENIO_ARRECADACAO'
  | 'DEPOSITO'
  | 'ENCARGOS_JUROS_CHEQUE_ESPECIAL'
  | 'FOLHA_PAGAMENTO'
  | 'OPERACAO_CREDITO'
  | 'OUTROS'
  | 'PIX'
  | 'PORTABILIDADE_SALARIO'
  | 'RENDIMENTO_APLIC_FINANCEIRA'
  | 'RESGATE_APLIC_FINANCEIRA'
  | 'SAQUE'
  | 'TARIFA_SERVICOS'
  | 'TED'
  | 'TRANSFERENCIA_MESMA_INSTITUICAO';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Pessoa: Pessoa;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Pessoa:
    ( { __typename: 'Pessoa' }
    & GraphQLRecursivePick<FederationTypes['Pessoa'], {"cpf":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Bandeira: Bandeira;
  CNPJ: ResolverTypeWrapper<Scalars['CNPJ']['output']>;
  CPF: ResolverTypeWrapper<Scalars['CPF']['output']>;
  CanalMovimentacao: CanalMovimentacao;
  CompraCartao: ResolverTypeWrapper<Compra>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ConsultaCpf: ResolverTypeWrapper<Consulta>;
  ConsultaCpfAresta: ResolverTypeWrapper<Omit<ConsultaCpfAresta, 'node'> & { node?: Maybe<ResolversTypes['ConsultaCpf']> }>;
  ConsultaCpfConexao: ResolverTypeWrapper<ConsultaPage>;
  Data: ResolverTypeWrapper<Scalars['Data']['output']>;
  DataHora: ResolverTypeWrapper<Scalars['DataHora']['output']>;
  Dinheiro: ResolverTypeWrapper<Scalars['Dinheiro']['output']>;
  Eventos: ResolverTypeWrapper<PessoaRef>;
  FiltroConsulta: FiltroConsulta;
  FiltroMovimentacao: FiltroMovimentacao;
  Finalidade: Finalidade;
  FormaPagamento: FormaPagamento;
  Instituicao: ResolverTypeWrapper<Instituicao>;
  Movimentacao: ResolverTypeWrapper<MovimentacaoRow>;
  MovimentacaoAresta: ResolverTypeWrapper<Omit<MovimentacaoAresta, 'node'> & { node?: Maybe<ResolversTypes['Movimentacao']> }>;
  MovimentacaoConexao: ResolverTypeWrapper<MovimentacaoPage>;
  NaturezaLancamento: NaturezaLancamento;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Pessoa: ResolverTypeWrapper<PessoaRef>;
  ProvaConsulta: ResolverTypeWrapper<ProvaConsulta>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SituacaoMovimentacao: SituacaoMovimentacao;
  TipoMovimentacao: TipoMovimentacao;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  CNPJ: Scalars['CNPJ']['output'];
  CPF: Scalars['CPF']['output'];
  CompraCartao: Compra;
  Boolean: Scalars['Boolean']['output'];
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  ConsultaCpf: Consulta;
  ConsultaCpfAresta: Omit<ConsultaCpfAresta, 'node'> & { node?: Maybe<ResolversParentTypes['ConsultaCpf']> };
  ConsultaCpfConexao: ConsultaPage;
  Data: Scalars['Data']['output'];
  DataHora: Scalars['DataHora']['output'];
  Dinheiro: Scalars['Dinheiro']['output'];
  Eventos: PessoaRef;
  FiltroConsulta: FiltroConsulta;
  FiltroMovimentacao: FiltroMovimentacao;
  Instituicao: Instituicao;
  Movimentacao: MovimentacaoRow;
  MovimentacaoAresta: Omit<MovimentacaoAresta, 'node'> & { node?: Maybe<ResolversParentTypes['Movimentacao']> };
  MovimentacaoConexao: MovimentacaoPage;
  PageInfo: PageInfo;
  Pessoa: PessoaRef;
  ProvaConsulta: ProvaConsulta;
  Query: Record<PropertyKey, never>;
};

export interface CnpjScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CNPJ'], any> {
  name: 'CNPJ';
}

export interface CpfScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CPF'], any> {
  name: 'CPF';
}

export type CompraCartaoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CompraCartao'] = ResolversParentTypes['CompraCartao']> = {
  aprovada?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  bandeira?: Resolver<ResolversTypes['Bandeira'], ParentType, ContextType>;
  dataHora?: Resolver<ResolversTypes['DataHora'], ParentType, ContextType>;
  emissor?: Resolver<Maybe<ResolversTypes['Instituicao']>, ParentType, ContextType>;
  estabelecimento?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  finalCartao?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  formaPagamento?: Resolver<ResolversTypes['FormaPagamento'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mcc?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  moedaOrigem?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  parcelas?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  presencial?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  valor?: Resolver<ResolversTypes['Dinheiro'], ParentType, ContextType>;
  valorMoedaOrigem?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
};

export type ConsultaCpfResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConsultaCpf'] = ResolversParentTypes['ConsultaCpf']> = {
  biro?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cnpjConsulente?: Resolver<Maybe<ResolversTypes['CNPJ']>, ParentType, ContextType>;
  consulente?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dataHora?: Resolver<ResolversTypes['DataHora'], ParentType, ContextType>;
  finalidade?: Resolver<ResolversTypes['Finalidade'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  peloTitular?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  produto?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  prova?: Resolver<Maybe<ResolversTypes['ProvaConsulta']>, ParentType, ContextType>;
};

export type ConsultaCpfArestaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConsultaCpfAresta'] = ResolversParentTypes['ConsultaCpfAresta']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['ConsultaCpf']>, ParentType, ContextType>;
};

export type ConsultaCpfConexaoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConsultaCpfConexao'] = ResolversParentTypes['ConsultaCpfConexao']> = {
  edges?: Resolver<Array<ResolversTypes['ConsultaCpfAresta']>, ParentType, ContextType>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['ConsultaCpf']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  totalExato?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export interface DataScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Data'], any> {
  name: 'Data';
}

export interface DataHoraScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DataHora'], any> {
  name: 'DataHora';
}

export interface DinheiroScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Dinheiro'], any> {
  name: 'Dinheiro';
}

export type EventosResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Eventos'] = ResolversParentTypes['Eventos']> = {
  consultas?: Resolver<Maybe<ResolversTypes['ConsultaCpfConexao']>, ParentType, ContextType, RequireFields<EventosConsultasArgs, 'first'>>;
  movimentacaoFinanceira?: Resolver<Maybe<ResolversTypes['MovimentacaoConexao']>, ParentType, ContextType, RequireFields<EventosMovimentacaoFinanceiraArgs, 'first'>>;
  ultimaCompraCartao?: Resolver<Maybe<ResolversTypes['CompraCartao']>, ParentType, ContextType>;
  ultimaConsulta?: Resolver<Maybe<ResolversTypes['ConsultaCpf']>, ParentType, ContextType>;
};

export type InstituicaoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Instituicao'] = ResolversParentTypes['Instituicao']> = {
  compe?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ispb?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MovimentacaoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Movimentacao'] = ResolversParentTypes['Movimentacao']> = {
  canal?: Resolver<Maybe<ResolversTypes['CanalMovimentacao']>, ParentType, ContextType>;
  contraparte?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  dataHora?: Resolver<ResolversTypes['DataHora'], ParentType, ContextType>;
  descricao?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  instituicao?: Resolver<Maybe<ResolversTypes['Instituicao']>, ParentType, ContextType>;
  natureza?: Resolver<ResolversTypes['NaturezaLancamento'], ParentType, ContextType>;
  saldoApos?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
  situacao?: Resolver<ResolversTypes['SituacaoMovimentacao'], ParentType, ContextType>;
  tipo?: Resolver<ResolversTypes['TipoMovimentacao'], ParentType, ContextType>;
  valor?: Resolver<ResolversTypes['Dinheiro'], ParentType, ContextType>;
};

export type MovimentacaoArestaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MovimentacaoAresta'] = ResolversParentTypes['MovimentacaoAresta']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Movimentacao']>, ParentType, ContextType>;
};

export type MovimentacaoConexaoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MovimentacaoConexao'] = ResolversParentTypes['MovimentacaoConexao']> = {
  edges?: Resolver<Array<ResolversTypes['MovimentacaoAresta']>, ParentType, ContextType>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['Movimentacao']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  totalExato?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PessoaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Pessoa'] = ResolversParentTypes['Pessoa'], FederationReferenceType extends FederationReferenceTypes['Pessoa'] = FederationReferenceTypes['Pessoa']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Pessoa']> | FederationReferenceType, FederationReferenceType, ContextType>;
  cpf?: Resolver<ResolversTypes['CPF'], ParentType, ContextType>;
  eventos?: Resolver<Maybe<ResolversTypes['Eventos']>, ParentType, ContextType>;
};

export type ProvaConsultaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProvaConsulta'] = ResolversParentTypes['ProvaConsulta']> = {
  checkpoint?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  inclusao?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  indice?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  nonce?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pessoa?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  registro?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  pessoa?: Resolver<Maybe<ResolversTypes['Pessoa']>, ParentType, ContextType, RequireFields<QueryPessoaArgs, 'cpf'>>;
  pessoas?: Resolver<Array<ResolversTypes['Pessoa']>, ParentType, ContextType, RequireFields<QueryPessoasArgs, 'cpfs'>>;
};

export type Resolvers<ContextType = Context> = {
  CNPJ?: GraphQLScalarType;
  CPF?: GraphQLScalarType;
  CompraCartao?: CompraCartaoResolvers<ContextType>;
  ConsultaCpf?: ConsultaCpfResolvers<ContextType>;
  ConsultaCpfAresta?: ConsultaCpfArestaResolvers<ContextType>;
  ConsultaCpfConexao?: ConsultaCpfConexaoResolvers<ContextType>;
  Data?: GraphQLScalarType;
  DataHora?: GraphQLScalarType;
  Dinheiro?: GraphQLScalarType;
  Eventos?: EventosResolvers<ContextType>;
  Instituicao?: InstituicaoResolvers<ContextType>;
  Movimentacao?: MovimentacaoResolvers<ContextType>;
  MovimentacaoAresta?: MovimentacaoArestaResolvers<ContextType>;
  MovimentacaoConexao?: MovimentacaoConexaoResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Pessoa?: PessoaResolvers<ContextType>;
  ProvaConsulta?: ProvaConsultaResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
};


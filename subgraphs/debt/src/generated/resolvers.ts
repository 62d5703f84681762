import type { Cpf } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { PessoaRef } from '@pessoa/domain/pessoa';
import type { Divida as DividaRow } from '../dividas/divida.ts';
import type { DividaPage } from '../dividas/divida-pages.ts';
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
  /** CNPJ, catorze posições; desde julho de 2026 as doze primeiras podem ter letras. */
  CNPJ: { input: string; output: string; }
  /** CPF, onze dígitos. A entrada aceita `52998224725` ou `529.982.247-25`; a saída tem só dígitos. Dígitos verificadores conferidos. */
  CPF: { input: Cpf; output: Cpf; }
  /** Data `AAAA-MM-DD` (RFC 3339 full-date). */
  Data: { input: Data; output: string; }
  /** Instante em UTC, RFC 3339 com `Z`. */
  DataHora: { input: Date; output: string | Date; }
  /** Valor monetário em texto decimal com duas casas, por exemplo `1234.56`. Nunca ponto flutuante. Até 15 dígitos antes do ponto; uma soma pode ter até 25. */
  Dinheiro: { input: bigint; output: bigint | string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Empresa que informou a dívida. */
export type Credor = {
  __typename?: 'Credor';
  /** CNPJ do credor, se a base o tem. */
  cnpj: Maybe<Scalars['CNPJ']['output']>;
  /** Nome do credor. */
  nome: Scalars['String']['output'];
};

/** Anotação de inadimplência ou obrigação em aberto. */
export type Divida = {
  __typename?: 'Divida';
  /** Número do contrato; mascarado, menos os quatro últimos, para quem não tem `divida:read:completo`. */
  contrato: Scalars['String']['output'];
  /** Quem informou a dívida. */
  credor: Credor;
  /** Aviso prévio ao consumidor (CDC art. 43 §2º, Súmula STJ 359). */
  dataComunicacao: Maybe<Scalars['Data']['output']>;
  /** Quando entrou no cadastro. */
  dataInclusao: Scalars['Data']['output'];
  /** Dias desde o vencimento, contados em São Paulo; zero antes dele e depois de encerrada a dívida. */
  diasEmAtraso: Scalars['Int']['output'];
  /** Identificador da anotação, estável. */
  id: Scalars['ID']['output'];
  /** De que produto ou serviço a dívida é. */
  modalidade: ModalidadeDivida;
  /** Com que natureza foi anotada. */
  natureza: NaturezaAnotacao;
  /** Quantas parcelas estão em atraso, se o credor o informou. */
  parcelasEmAtraso: Maybe<Scalars['Int']['output']>;
  /** Devedor principal (true) ou coobrigado (false). */
  principal: Scalars['Boolean']['output'];
  /** Em que situação a dívida está. */
  situacao: SituacaoDivida;
  /** Unidade da federação da ocorrência. */
  uf: Maybe<Uf>;
  /** Valor com encargos, se o credor o informou. */
  valorAtualizado: Maybe<Scalars['Dinheiro']['output']>;
  /** Valor na data da ocorrência. */
  valorOriginal: Scalars['Dinheiro']['output'];
  /** Vencimento da obrigação: daqui conta o prazo de cinco anos. */
  vencimento: Scalars['Data']['output'];
};

export type DividaAresta = {
  __typename?: 'DividaAresta';
  cursor: Scalars['String']['output'];
  /** Nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  node: Maybe<Divida>;
};

export type DividaConexao = {
  __typename?: 'DividaConexao';
  /** true quando veio de uma cópia que pode não ter o que a base já tem. */
  desatualizado: Scalars['Boolean']['output'];
  edges: Array<DividaAresta>;
  /** Nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  nodes: Array<Maybe<Divida>>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

/** Endereço postal brasileiro. */
export type Endereco = {
  __typename?: 'Endereco';
  /** Quando a base de origem conferiu este endereço. */
  atualizadoEm: Maybe<Scalars['DataHora']['output']>;
  /** Bairro ou distrito. */
  bairro: Maybe<Scalars['String']['output']>;
  /** Oito dígitos, sem hífen. */
  cep: Maybe<Scalars['String']['output']>;
  /** Nome do município. */
  cidade: Maybe<Scalars['String']['output']>;
  /** Código IBGE do município, sete dígitos. */
  codigoIbge: Maybe<Scalars['String']['output']>;
  /** Apartamento, bloco, fundos. */
  complemento: Maybe<Scalars['String']['output']>;
  /** Rua, avenida ou equivalente, com o tipo. */
  logradouro: Maybe<Scalars['String']['output']>;
  /** Número no logradouro; texto, porque pode ser `S/N`. */
  numero: Maybe<Scalars['String']['output']>;
  /** Unidade da federação do endereço. */
  uf: Maybe<Uf>;
};

/** Cada parte restringe; sem filtro, todas. */
export type FiltroDivida = {
  modalidades?: InputMaybe<Array<ModalidadeDivida>>;
  naturezas?: InputMaybe<Array<NaturezaAnotacao>>;
  situacoes?: InputMaybe<Array<SituacaoDivida>>;
  /** Compara o valor atualizado, ou o original onde não há atualizado; inclusive. */
  valorMinimo?: InputMaybe<Scalars['Dinheiro']['input']>;
  /** Inclusive. */
  vencimentoAte?: InputMaybe<Scalars['Data']['input']>;
  /** Inclusive. */
  vencimentoDe?: InputMaybe<Scalars['Data']['input']>;
};

/** De que produto ou serviço a dívida é. */
export type ModalidadeDivida =
  | 'AGUA'
  | 'CARTAO_CREDITO'
  | 'CHEQUE_ESPECIAL'
  | 'CONDOMINIO'
  | 'CREDIARIO_VAREJO'
  | 'CREDITO_CONSIGNADO'
  | 'CREDITO_PESSOAL'
  | 'EDUCACAO'
  | 'ENERGIA'
  | 'FINANCIAMENTO_IMOVEL'
  | 'FINANCIAMENTO_VEICULO'
  | 'OUTROS'
  | 'TELEFONIA'
  | 'TRIBUTO';

/** Natureza da anotação: pendência comercial (PEFIN) ou financeira (REFIN), protesto, cheque sem fundo, cobrança ou ação judicial. */
export type NaturezaAnotacao =
  | 'ACAO_JUDICIAL'
  | 'CHEQUE_SEM_FUNDO'
  | 'COBRANCA'
  | 'PEFIN'
  | 'PROTESTO'
  | 'REFIN';

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor: Maybe<Scalars['String']['output']>;
};

/** Pessoa física. O CPF é a chave entre as três bases; todo campo além dele pode ser nulo, porque a base dele pode estar fora. */
export type Pessoa = {
  __typename?: 'Pessoa';
  /** O CPF pedido, onze dígitos. */
  cpf: Scalars['CPF']['output'];
  /** Dívidas que a lei deixa mostrar a terceiros: em aberto, em negociação, com acordo vigente ou contestadas; comunicadas ao consumidor até o dia da inclusão; e com vencimento há no máximo cinco anos (CDC art. 43), nada com data futura. O titular vê todas. Da mais recente à mais antiga. `first` vai de 1 a 100. */
  dividas: Maybe<DividaConexao>;
  /** Endereço conforme a Base A. Dado cadastral: pede também `cadastro:read`, e o operador pode negá-lo a terceiros ou pedir o consentimento do titular. */
  endereco: Maybe<Endereco>;
  /** Nome civil (Base A). */
  nome: Maybe<Scalars['String']['output']>;
  /** Totais das mesmas dívidas, sem percorrer a lista. */
  resumoDividas: Maybe<ResumoDividas>;
  /** Situação do CPF na Receita Federal (Base A). */
  situacaoCadastral: Maybe<SituacaoCadastral>;
};


/** Pessoa física. O CPF é a chave entre as três bases; todo campo além dele pode ser nulo, porque a base dele pode estar fora. */
export type PessoaDividasArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filtro?: InputMaybe<FiltroDivida>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type Query = {
  __typename?: 'Query';
  /** Uma pessoa por CPF. Só valida o número e não lê base alguma: não cai junto com nenhuma delas. */
  pessoa: Maybe<Pessoa>;
  /** Até 100 pessoas, na ordem pedida; CPF repetido devolve a mesma pessoa. */
  pessoas: Array<Pessoa>;
};


export type QueryPessoaArgs = {
  cpf: Scalars['CPF']['input'];
};


export type QueryPessoasArgs = {
  cpfs: Array<Scalars['CPF']['input']>;
};

/** Totais das dívidas de uma pessoa. */
export type ResumoDividas = {
  __typename?: 'ResumoDividas';
  /** true quando veio de uma cópia que pode não ter o que a base já tem. */
  desatualizado: Scalars['Boolean']['output'];
  /** O vencimento mais antigo; nulo quando não há dívida. */
  primeiraOcorrencia: Maybe<Scalars['Data']['output']>;
  /** Quantas dívidas há. */
  quantidade: Scalars['Int']['output'];
  /** O vencimento mais recente; nulo quando não há dívida. */
  ultimaOcorrencia: Maybe<Scalars['Data']['output']>;
  /** Soma do valor atualizado de cada uma, ou do original onde não há atualizado. */
  valorTotal: Scalars['Dinheiro']['output'];
};

/** Situação do CPF na Receita Federal. */
export type SituacaoCadastral =
  | 'CANCELADA_DE_OFICIO'
  | 'CANCELADA_POR_MULTIPLICIDADE'
  | 'NULA'
  | 'PENDENTE_REGULARIZACAO'
  | 'REGULAR'
  | 'SUSPENSA'
  | 'TITULAR_FALECIDO';

/** Situação da dívida. */
export type SituacaoDivida =
  | 'ACORDO_VIGENTE'
  | 'BAIXADA_POR_PRAZO'
  | 'CONTESTADA'
  | 'EM_ABERTO'
  | 'EM_NEGOCIACAO'
  | 'QUITADA'
  | 'SUSPENSA_JUDICIALMENTE';

/** Unidade da federação, sigla de duas letras. */
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
  CNPJ: ResolverTypeWrapper<Scalars['CNPJ']['output']>;
  CPF: ResolverTypeWrapper<Scalars['CPF']['output']>;
  Credor: ResolverTypeWrapper<Credor>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Data: ResolverTypeWrapper<Scalars['Data']['output']>;
  DataHora: ResolverTypeWrapper<Scalars['DataHora']['output']>;
  Dinheiro: ResolverTypeWrapper<Scalars['Dinheiro']['output']>;
  Divida: ResolverTypeWrapper<DividaRow>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DividaAresta: ResolverTypeWrapper<Omit<DividaAresta, 'node'> & { node?: Maybe<ResolversTypes['Divida']> }>;
  DividaConexao: ResolverTypeWrapper<DividaPage>;
  Endereco: ResolverTypeWrapper<Endereco>;
  FiltroDivida: FiltroDivida;
  ModalidadeDivida: ModalidadeDivida;
  NaturezaAnotacao: NaturezaAnotacao;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Pessoa: ResolverTypeWrapper<PessoaRef>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ResumoDividas: ResolverTypeWrapper<ResumoDividas>;
  SituacaoCadastral: SituacaoCadastral;
  SituacaoDivida: SituacaoDivida;
  UF: Uf;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  CNPJ: Scalars['CNPJ']['output'];
  CPF: Scalars['CPF']['output'];
  Credor: Credor;
  String: Scalars['String']['output'];
  Data: Scalars['Data']['output'];
  DataHora: Scalars['DataHora']['output'];
  Dinheiro: Scalars['Dinheiro']['output'];
  Divida: DividaRow;
  Int: Scalars['Int']['output'];
  ID: Scalars['ID']['output'];
  Boolean: Scalars['Boolean']['output'];
  DividaAresta: Omit<DividaAresta, 'node'> & { node?: Maybe<ResolversParentTypes['Divida']> };
  DividaConexao: DividaPage;
  Endereco: Endereco;
  FiltroDivida: FiltroDivida;
  PageInfo: PageInfo;
  Pessoa: PessoaRef;
  Query: Record<PropertyKey, never>;
  ResumoDividas: ResumoDividas;
};

export interface CnpjScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CNPJ'], any> {
  name: 'CNPJ';
}

export interface CpfScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CPF'], any> {
  name: 'CPF';
}

export type CredorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Credor'] = ResolversParentTypes['Credor']> = {
  cnpj?: Resolver<Maybe<ResolversTypes['CNPJ']>, ParentType, ContextType>;
  nome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
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

export type DividaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Divida'] = ResolversParentTypes['Divida']> = {
  contrato?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  credor?: Resolver<ResolversTypes['Credor'], ParentType, ContextType>;
  dataComunicacao?: Resolver<Maybe<ResolversTypes['Data']>, ParentType, ContextType>;
  dataInclusao?: Resolver<ResolversTypes['Data'], ParentType, ContextType>;
  diasEmAtraso?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  modalidade?: Resolver<ResolversTypes['ModalidadeDivida'], ParentType, ContextType>;
  natureza?: Resolver<ResolversTypes['NaturezaAnotacao'], ParentType, ContextType>;
  parcelasEmAtraso?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  principal?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  situacao?: Resolver<ResolversTypes['SituacaoDivida'], ParentType, ContextType>;
  uf?: Resolver<Maybe<ResolversTypes['UF']>, ParentType, ContextType>;
  valorAtualizado?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
  valorOriginal?: Resolver<ResolversTypes['Dinheiro'], ParentType, ContextType>;
  vencimento?: Resolver<ResolversTypes['Data'], ParentType, ContextType>;
};

export type DividaArestaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DividaAresta'] = ResolversParentTypes['DividaAresta']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Divida']>, ParentType, ContextType>;
};

export type DividaConexaoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DividaConexao'] = ResolversParentTypes['DividaConexao']> = {
  desatualizado?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  edges?: Resolver<Array<ResolversTypes['DividaAresta']>, ParentType, ContextType>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['Divida']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EnderecoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Endereco'] = ResolversParentTypes['Endereco']> = {
  atualizadoEm?: Resolver<Maybe<ResolversTypes['DataHora']>, ParentType, ContextType>;
  bairro?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cep?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cidade?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  codigoIbge?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  complemento?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  logradouro?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  numero?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  uf?: Resolver<Maybe<ResolversTypes['UF']>, ParentType, ContextType>;
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
  dividas?: Resolver<Maybe<ResolversTypes['DividaConexao']>, ParentType, ContextType, RequireFields<PessoaDividasArgs, 'first'>>;
  endereco?: Resolver<Maybe<ResolversTypes['Endereco']>, ParentType, ContextType>;
  nome?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  resumoDividas?: Resolver<Maybe<ResolversTypes['ResumoDividas']>, ParentType, ContextType>;
  situacaoCadastral?: Resolver<Maybe<ResolversTypes['SituacaoCadastral']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  pessoa?: Resolver<Maybe<ResolversTypes['Pessoa']>, ParentType, ContextType, RequireFields<QueryPessoaArgs, 'cpf'>>;
  pessoas?: Resolver<Array<ResolversTypes['Pessoa']>, ParentType, ContextType, RequireFields<QueryPessoasArgs, 'cpfs'>>;
};

export type ResumoDividasResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResumoDividas'] = ResolversParentTypes['ResumoDividas']> = {
  desatualizado?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  primeiraOcorrencia?: Resolver<Maybe<ResolversTypes['Data']>, ParentType, ContextType>;
  quantidade?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ultimaOcorrencia?: Resolver<Maybe<ResolversTypes['Data']>, ParentType, ContextType>;
  valorTotal?: Resolver<ResolversTypes['Dinheiro'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  CNPJ?: GraphQLScalarType;
  CPF?: GraphQLScalarType;
  Credor?: CredorResolvers<ContextType>;
  Data?: GraphQLScalarType;
  DataHora?: GraphQLScalarType;
  Dinheiro?: GraphQLScalarType;
  Divida?: DividaResolvers<ContextType>;
  DividaAresta?: DividaArestaResolvers<ContextType>;
  DividaConexao?: DividaConexaoResolvers<ContextType>;
  Endereco?: EnderecoResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Pessoa?: PessoaResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  ResumoDividas?: ResumoDividasResolvers<ContextType>;
};


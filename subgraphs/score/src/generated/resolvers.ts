import type { Cpf } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { PessoaRef } from '@pessoa/domain/pessoa';
import type { Score as ScoreRow } from '../perfis/score.ts';
import type { Perfil, Bem as BemRow, FonteDeRenda as FonteDeRendaRow } from '../perfis/perfil.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
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

/** Um bem da pessoa. */
export type Bem = {
  __typename?: 'Bem';
  /** Quando o bem foi avaliado. */
  dataAvaliacao: Maybe<Scalars['Data']['output']>;
  /** O bem em palavras da base. */
  descricao: Scalars['String']['output'];
  /** Identificador do bem, estável. */
  id: Scalars['ID']['output'];
  /** true quando o bem garante uma dívida. */
  onerado: Scalars['Boolean']['output'];
  /** 1 a 100. */
  percentualPropriedade: Scalars['Int']['output'];
  /** Quanto falta pagar do bem. */
  saldoDevedor: Maybe<Scalars['Dinheiro']['output']>;
  /** Que bem é. */
  tipo: TipoBem;
  /** Unidade da federação em que o bem está. */
  uf: Maybe<Uf>;
  /** Valor na data da avaliação; nulo quando não foi avaliado. */
  valorEstimado: Maybe<Scalars['Dinheiro']['output']>;
};

export type Endereco = {
  __typename?: 'Endereco';
  atualizadoEm: Maybe<Scalars['DataHora']['output']>;
  bairro: Maybe<Scalars['String']['output']>;
  cep: Maybe<Scalars['String']['output']>;
  cidade: Maybe<Scalars['String']['output']>;
  codigoIbge: Maybe<Scalars['String']['output']>;
  complemento: Maybe<Scalars['String']['output']>;
  logradouro: Maybe<Scalars['String']['output']>;
  numero: Maybe<Scalars['String']['output']>;
  uf: Maybe<Uf>;
};

/** Faixa da nota, da pior à melhor. */
export type FaixaScore =
  | 'BAIXO'
  | 'BOM'
  | 'EXCELENTE'
  | 'REGULAR';

/** O que um fator somou à nota. */
export type FatorScore = {
  __typename?: 'FatorScore';
  /** Código do fator, estável. */
  codigo: Scalars['String']['output'];
  /** Faixa do modelo em que o valor da pessoa caiu. */
  faixaDoValor: Scalars['String']['output'];
  /** Nome do fator. */
  nome: Scalars['String']['output'];
  /** Pontos que o fator deu; podem ser negativos. */
  pontos: Scalars['Int']['output'];
  /** Pontos da melhor faixa do fator. */
  pontosMaximos: Scalars['Int']['output'];
};

/** De onde vem uma renda da pessoa. */
export type FonteDeRenda = {
  __typename?: 'FonteDeRenda';
  /** CNPJ de quem paga. */
  cnpjPagador: Maybe<Scalars['CNPJ']['output']>;
  /** true quando há comprovante; false quando foi só declarada. */
  comprovada: Scalars['Boolean']['output'];
  /** Desde quando paga. */
  desde: Maybe<Scalars['Data']['output']>;
  /** Identificador da fonte de renda, estável. */
  id: Scalars['ID']['output'];
  /** Ocupação da pessoa nesta fonte. */
  ocupacao: Maybe<Scalars['String']['output']>;
  /** Quem paga. */
  pagador: Maybe<Scalars['String']['output']>;
  /** De quanto em quanto tempo paga. */
  periodicidade: Periodicidade;
  /** Que renda é. */
  tipo: TipoRenda;
  /** Valor de um pagamento, na periodicidade da fonte. */
  valor: Scalars['Dinheiro']['output'];
};

/** Por que a nota não é maior. */
export type MotivoScore = {
  __typename?: 'MotivoScore';
  /** Código do fator que perdeu pontos. */
  codigo: Scalars['String']['output'];
  /** O motivo em palavras. */
  descricao: Scalars['String']['output'];
  /** Pontos a menos que na melhor faixa. */
  pontosPerdidos: Scalars['Int']['output'];
};

/** O que mudaria no perfil. Um campo ausente ou nulo não muda nada. */
export type MudancasNoPerfil = {
  /** true com logradouro, número e CEP; vem junto com `mesesDesdeConfirmacaoDoEndereco`. */
  enderecoCompleto?: InputMaybe<Scalars['Boolean']['input']>;
  /** Há quantos meses o endereço foi confirmado, de 0 a 1200; vem junto com `enderecoCompleto`. */
  mesesDesdeConfirmacaoDoEndereco?: InputMaybe<Scalars['Int']['input']>;
  /** Há quantos meses a pessoa tem a fonte de renda que mais pontua, de 0 a 1200; vem junto com `rendaComprovada`. */
  mesesNaFonteDeRenda?: InputMaybe<Scalars['Int']['input']>;
  /** Soma dos bens menos os saldos devedores; pode ser negativa. */
  patrimonioLiquido?: InputMaybe<Scalars['Dinheiro']['input']>;
  /** true quando essa fonte tem comprovante; vem junto com `mesesNaFonteDeRenda`. */
  rendaComprovada?: InputMaybe<Scalars['Boolean']['input']>;
  /** Renda mensal equivalente, somadas as fontes; não negativa. */
  rendaMensal?: InputMaybe<Scalars['Dinheiro']['input']>;
  /** Quantos tipos de bem a pessoa tem, de 1 a 7; não muda nada numa versão do modelo que não os conta. */
  tiposDeBem?: InputMaybe<Scalars['Int']['input']>;
};

/** Dados que alimentam a nota (Base B). */
export type PerfilFinanceiro = {
  __typename?: 'PerfilFinanceiro';
  /** No grafo, nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. */
  bens: Array<Maybe<Bem>>;
  /** true quando veio de uma cópia que pode não ter o que a base já tem. */
  desatualizado: Scalars['Boolean']['output'];
  /** Endereço conforme a Base B; pode diferir do da Base A. Dado cadastral: pede também `cadastro:read`, e o operador pode negá-lo a terceiros ou pedir o consentimento do titular. */
  endereco: Maybe<Endereco>;
  /** No grafo, nulo onde a linha da base não serve; o erro FONTE_INVALIDA diz qual. Dado cadastral, guardado como `endereco`: a quem não pode lê-lo a lista é nula. */
  fontesDeRenda: Maybe<Array<Maybe<FonteDeRenda>>>;
  /** Idade em anos completos. */
  idade: Maybe<Scalars['Int']['output']>;
  /** Soma dos bens menos os saldos devedores. */
  patrimonioLiquido: Maybe<Scalars['Dinheiro']['output']>;
  /** Renda mensal equivalente, somadas as fontes. Dado cadastral, guardado como `endereco`. */
  rendaMensal: Maybe<Scalars['Dinheiro']['output']>;
};

/** De quanto em quanto tempo uma renda é paga. */
export type Periodicidade =
  | 'ANUAL'
  | 'BIMESTRAL'
  | 'DIARIA'
  | 'MENSAL'
  | 'QUINZENAL'
  | 'SEMANAL'
  | 'SEMESTRAL'
  | 'TRIMESTRAL';

export type Pessoa = {
  __typename?: 'Pessoa';
  cpf: Scalars['CPF']['output'];
  /** Os dados que alimentam a nota (Base B). */
  perfil: Maybe<PerfilFinanceiro>;
  /** Nota de crédito, calculada dos dados da Base B por um modelo versionado. */
  score: Maybe<Score>;
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

/** Nota de crédito e a explicação dela (LGPD art. 20, Lei 12.414 art. 5º). */
export type Score = {
  __typename?: 'Score';
  /** Quando a nota foi calculada. */
  calculadoEm: Scalars['DataHora']['output'];
  /** Dados que faltaram; cada um entrou como faixa SEM_INFORMACAO. */
  dadosAusentes: Array<Scalars['String']['output']>;
  /** true quando veio de uma cópia que pode não ter o que a base já tem. */
  desatualizado: Scalars['Boolean']['output'];
  /** Faixa em que a nota cai. */
  faixa: FaixaScore;
  /** Contribuição de cada fator; pontosBase mais a soma dos pontos, limitada a 0..1000, é a nota. */
  fatores: Maybe<Array<FatorScore>>;
  /** Versão do modelo: a mesma entrada na mesma versão dá sempre a mesma nota. */
  modelo: Scalars['String']['output'];
  /** Até quatro razões que mais tiraram pontos, da maior perda para a menor. */
  motivos: Array<MotivoScore>;
  /** Pontos de partida do modelo, antes dos fatores. */
  pontosBase: Maybe<Scalars['Int']['output']>;
  /** Probabilidade de inadimplência em seis meses que a escala do modelo implica, de 0 a 1, quatro casas. Modelo especialista, não calibrado com dados próprios. */
  probabilidadeInadimplencia: Scalars['String']['output'];
  /** Como seria a nota com estas mudanças (sem elas, a de agora): a mesma conta na mesma versão do modelo, sem ler de novo nem gravar nada. Um fator sem mudança fica como está. Diz o que o modelo faria; não promete nota nem crédito. */
  simular: Maybe<SimulacaoScore>;
  /** 0 a 1000; maior é melhor. */
  valor: Scalars['Int']['output'];
};


/** Nota de crédito e a explicação dela (LGPD art. 20, Lei 12.414 art. 5º). */
export type ScoreSimularArgs = {
  mudancas?: MudancasNoPerfil;
};

/** A nota que o modelo daria. */
export type SimulacaoScore = {
  __typename?: 'SimulacaoScore';
  /** A nota simulada menos a de agora. */
  diferenca: Scalars['Int']['output'];
  /** Faixa em que a nota cairia. */
  faixa: FaixaScore;
  /** Contribuição de cada fator, com as mudanças. */
  fatores: Array<FatorScore>;
  /** Versão do modelo, a mesma da nota. */
  modelo: Scalars['String']['output'];
  /** Como `Score.probabilidadeInadimplencia`. */
  probabilidadeInadimplencia: Scalars['String']['output'];
  /** 0 a 1000; maior é melhor. */
  valor: Scalars['Int']['output'];
};

/** Tipo de bem. */
export type TipoBem =
  | 'APLICACAO_FINANCEIRA'
  | 'BEM_RURAL'
  | 'IMOVEL'
  | 'MAQUINA_OU_EQUIPAMENTO'
  | 'OUTROS'
  | 'PARTICIPACAO_SOCIETARIA'
  | 'VEICULO';

/** Tipo de renda. */
export type TipoRenda =
  | 'ALUGUEL'
  | 'APOSENTADORIA_OU_PENSAO'
  | 'AUTONOMO'
  | 'BENEFICIO_SOCIAL'
  | 'INVESTIMENTO'
  | 'OUTROS'
  | 'PRO_LABORE'
  | 'SALARIO'
  | 'SERVIDOR_PUBLICO';

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
  Bem: ResolverTypeWrapper<BemRow>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  CNPJ: ResolverTypeWrapper<Scalars['CNPJ']['output']>;
  CPF: ResolverTypeWrapper<Scalars['CPF']['output']>;
  Data: ResolverTypeWrapper<Scalars['Data']['output']>;
  DataHora: ResolverTypeWrapper<Scalars['DataHora']['output']>;
  Dinheiro: ResolverTypeWrapper<Scalars['Dinheiro']['output']>;
  Endereco: ResolverTypeWrapper<Endereco>;
  FaixaScore: FaixaScore;
  FatorScore: ResolverTypeWrapper<FatorScore>;
  FonteDeRenda: ResolverTypeWrapper<FonteDeRendaRow>;
  MotivoScore: ResolverTypeWrapper<MotivoScore>;
  MudancasNoPerfil: MudancasNoPerfil;
  PerfilFinanceiro: ResolverTypeWrapper<Perfil>;
  Periodicidade: Periodicidade;
  Pessoa: ResolverTypeWrapper<PessoaRef>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Score: ResolverTypeWrapper<ScoreRow>;
  SimulacaoScore: ResolverTypeWrapper<SimulacaoScore>;
  TipoBem: TipoBem;
  TipoRenda: TipoRenda;
  UF: Uf;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Bem: BemRow;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
  CNPJ: Scalars['CNPJ']['output'];
  CPF: Scalars['CPF']['output'];
  Data: Scalars['Data']['output'];
  DataHora: Scalars['DataHora']['output'];
  Dinheiro: Scalars['Dinheiro']['output'];
  Endereco: Endereco;
  FatorScore: FatorScore;
  FonteDeRenda: FonteDeRendaRow;
  MotivoScore: MotivoScore;
  MudancasNoPerfil: MudancasNoPerfil;
  PerfilFinanceiro: Perfil;
  Pessoa: PessoaRef;
  Query: Record<PropertyKey, never>;
  Score: ScoreRow;
  SimulacaoScore: SimulacaoScore;
};

export type BemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Bem'] = ResolversParentTypes['Bem']> = {
  dataAvaliacao?: Resolver<Maybe<ResolversTypes['Data']>, ParentType, ContextType>;
  descricao?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  onerado?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  percentualPropriedade?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  saldoDevedor?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
  tipo?: Resolver<ResolversTypes['TipoBem'], ParentType, ContextType>;
  uf?: Resolver<Maybe<ResolversTypes['UF']>, ParentType, ContextType>;
  valorEstimado?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
};

export interface CnpjScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CNPJ'], any> {
  name: 'CNPJ';
}

export interface CpfScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CPF'], any> {
  name: 'CPF';
}

export interface DataScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Data'], any> {
  name: 'Data';
}

export interface DataHoraScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DataHora'], any> {
  name: 'DataHora';
}

export interface DinheiroScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Dinheiro'], any> {
  name: 'Dinheiro';
}

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

export type FatorScoreResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FatorScore'] = ResolversParentTypes['FatorScore']> = {
  codigo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  faixaDoValor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  nome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pontos?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pontosMaximos?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FonteDeRendaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FonteDeRenda'] = ResolversParentTypes['FonteDeRenda']> = {
  cnpjPagador?: Resolver<Maybe<ResolversTypes['CNPJ']>, ParentType, ContextType>;
  comprovada?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  desde?: Resolver<Maybe<ResolversTypes['Data']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ocupacao?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pagador?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  periodicidade?: Resolver<ResolversTypes['Periodicidade'], ParentType, ContextType>;
  tipo?: Resolver<ResolversTypes['TipoRenda'], ParentType, ContextType>;
  valor?: Resolver<ResolversTypes['Dinheiro'], ParentType, ContextType>;
};

export type MotivoScoreResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MotivoScore'] = ResolversParentTypes['MotivoScore']> = {
  codigo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  descricao?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pontosPerdidos?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PerfilFinanceiroResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PerfilFinanceiro'] = ResolversParentTypes['PerfilFinanceiro']> = {
  bens?: Resolver<Array<Maybe<ResolversTypes['Bem']>>, ParentType, ContextType>;
  desatualizado?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  endereco?: Resolver<Maybe<ResolversTypes['Endereco']>, ParentType, ContextType>;
  fontesDeRenda?: Resolver<Maybe<Array<Maybe<ResolversTypes['FonteDeRenda']>>>, ParentType, ContextType>;
  idade?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  patrimonioLiquido?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
  rendaMensal?: Resolver<Maybe<ResolversTypes['Dinheiro']>, ParentType, ContextType>;
};

export type PessoaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Pessoa'] = ResolversParentTypes['Pessoa'], FederationReferenceType extends FederationReferenceTypes['Pessoa'] = FederationReferenceTypes['Pessoa']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Pessoa']> | FederationReferenceType, FederationReferenceType, ContextType>;
  cpf?: Resolver<ResolversTypes['CPF'], ParentType, ContextType>;
  perfil?: Resolver<Maybe<ResolversTypes['PerfilFinanceiro']>, ParentType, ContextType>;
  score?: Resolver<Maybe<ResolversTypes['Score']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  pessoa?: Resolver<Maybe<ResolversTypes['Pessoa']>, ParentType, ContextType, RequireFields<QueryPessoaArgs, 'cpf'>>;
  pessoas?: Resolver<Array<ResolversTypes['Pessoa']>, ParentType, ContextType, RequireFields<QueryPessoasArgs, 'cpfs'>>;
};

export type ScoreResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Score'] = ResolversParentTypes['Score']> = {
  calculadoEm?: Resolver<ResolversTypes['DataHora'], ParentType, ContextType>;
  dadosAusentes?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  desatualizado?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  faixa?: Resolver<ResolversTypes['FaixaScore'], ParentType, ContextType>;
  fatores?: Resolver<Maybe<Array<ResolversTypes['FatorScore']>>, ParentType, ContextType>;
  modelo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  motivos?: Resolver<Array<ResolversTypes['MotivoScore']>, ParentType, ContextType>;
  pontosBase?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  probabilidadeInadimplencia?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  simular?: Resolver<Maybe<ResolversTypes['SimulacaoScore']>, ParentType, ContextType, RequireFields<ScoreSimularArgs, 'mudancas'>>;
  valor?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SimulacaoScoreResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SimulacaoScore'] = ResolversParentTypes['SimulacaoScore']> = {
  diferenca?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  faixa?: Resolver<ResolversTypes['FaixaScore'], ParentType, ContextType>;
  fatores?: Resolver<Array<ResolversTypes['FatorScore']>, ParentType, ContextType>;
  modelo?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  probabilidadeInadimplencia?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  valor?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Bem?: BemResolvers<ContextType>;
  CNPJ?: GraphQLScalarType;
  CPF?: GraphQLScalarType;
  Data?: GraphQLScalarType;
  DataHora?: GraphQLScalarType;
  Dinheiro?: GraphQLScalarType;
  Endereco?: EnderecoResolvers<ContextType>;
  FatorScore?: FatorScoreResolvers<ContextType>;
  FonteDeRenda?: FonteDeRendaResolvers<ContextType>;
  MotivoScore?: MotivoScoreResolvers<ContextType>;
  PerfilFinanceiro?: PerfilFinanceiroResolvers<ContextType>;
  Pessoa?: PessoaResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Score?: ScoreResolvers<ContextType>;
  SimulacaoScore?: SimulacaoScoreResolvers<ContextType>;
};


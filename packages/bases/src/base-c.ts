// Generated from prisma/schema.prisma by `npm run generate:bases`.
import type { BaseDefinition } from '@pessoa/bases/base-definition';
import type {
  Bandeira,
  CanalMovimentacao,
  Finalidade,
  FormaPagamento,
  NaturezaLancamento,
  SituacaoMovimentacao,
  TipoMovimentacao,
} from './sdl-enums.ts';

/** What Base C must offer to our reader role; docs/bases.md says it to its owner. */
export const baseC = {
  contract: {
    titular: ['cpf'],
    consulta: [
      'id',
      'cpf',
      'consulente',
      'cnpj_consulente',
      'biro',
      'data_hora',
      'finalidade',
      'produto',
      'pelo_titular',
    ],
    movimentacao: [
      'id',
      'cpf',
      'data_hora',
      'natureza',
      'tipo',
      'valor',
      'descricao',
      'canal',
      'instituicao_nome',
      'instituicao_ispb',
      'instituicao_compe',
      'situacao',
      'contraparte',
      'saldo_apos',
      'palavras',
    ],
    compra_cartao: [
      'id',
      'cpf',
      'data_hora',
      'valor',
      'valor_moeda_origem',
      'moeda_origem',
      'estabelecimento',
      'mcc',
      'bandeira',
      'final_cartao',
      'emissor_nome',
      'emissor_ispb',
      'emissor_compe',
      'forma_pagamento',
      'parcelas',
      'presencial',
      'aprovada',
    ],
  },
  types: {
    'titular.cpf': 'char(11)',
    'consulta.cpf': 'char(11)',
    'consulta.cnpj_consulente': 'char(14)',
    'consulta.data_hora': 'timestamptz(3)',
    'consulta.pelo_titular': 'boolean',
    'movimentacao.cpf': 'char(11)',
    'movimentacao.data_hora': 'timestamptz(3)',
    'movimentacao.valor': 'numeric(17,2)',
    'movimentacao.instituicao_ispb': 'char(8)',
    'movimentacao.instituicao_compe': 'char(3)',
    'movimentacao.saldo_apos': 'numeric(17,2)',
    'movimentacao.palavras': 'text[]',
    'compra_cartao.cpf': 'char(11)',
    'compra_cartao.data_hora': 'timestamptz(3)',
    'compra_cartao.valor': 'numeric(17,2)',
    'compra_cartao.valor_moeda_origem': 'numeric(17,2)',
    'compra_cartao.moeda_origem': 'char(3)',
    'compra_cartao.mcc': 'char(4)',
    'compra_cartao.final_cartao': 'char(4)',
    'compra_cartao.emissor_ispb': 'char(8)',
    'compra_cartao.emissor_compe': 'char(3)',
    'compra_cartao.parcelas': 'integer',
    'compra_cartao.presencial': 'boolean',
    'compra_cartao.aprovada': 'boolean',
  },
  keys: {
    titular: 'cpf',
    consulta: 'id',
    movimentacao: 'id',
    compra_cartao: 'id',
  },
  indexes: {
    consulta: 'cpf, data_hora DESC, id DESC',
    movimentacao: 'cpf, data_hora DESC, id DESC',
    compra_cartao: 'cpf, data_hora DESC, id DESC',
  },
} as const satisfies BaseDefinition;

/** A row of `titular`. */
export interface TitularRow {
  readonly cpf: string;
}

/** A row of `consulta`. */
export interface ConsultaRow {
  readonly id: string;
  readonly cpf: string;
  readonly consulente: string;
  readonly cnpjConsulente: string | null;
  readonly biro: string | null;
  readonly dataHora: string;
  readonly finalidade: Finalidade;
  readonly produto: string | null;
  readonly peloTitular: boolean;
}

/** A row of `movimentacao`. */
export interface MovimentacaoRow {
  readonly id: string;
  readonly cpf: string;
  readonly dataHora: string;
  readonly natureza: NaturezaLancamento;
  readonly tipo: TipoMovimentacao;
  readonly valor: string;
  readonly descricao: string | null;
  readonly canal: CanalMovimentacao | null;
  readonly instituicaoNome: string | null;
  readonly instituicaoIspb: string | null;
  readonly instituicaoCompe: string | null;
  readonly situacao: SituacaoMovimentacao;
  readonly contraparte: string | null;
  readonly saldoApos: string | null;
  readonly palavras: readonly string[];
}

/** A row of `compra_cartao`. */
export interface CompraCartaoRow {
  readonly id: string;
  readonly cpf: string;
  readonly dataHora: string;
  readonly valor: string;
  readonly valorMoedaOrigem: string | null;
  readonly moedaOrigem: string | null;
  readonly estabelecimento: string;
  readonly mcc: string | null;
  readonly bandeira: Bandeira;
  readonly finalCartao: string;
  readonly emissorNome: string | null;
  readonly emissorIspb: string | null;
  readonly emissorCompe: string | null;
  readonly formaPagamento: FormaPagamento | null;
  readonly parcelas: number;
  readonly presencial: boolean | null;
  readonly aprovada: boolean;
}

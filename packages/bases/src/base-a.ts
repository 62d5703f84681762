// Generated from prisma/schema.prisma by `npm run generate:bases`.
import type { Data } from '@pessoa/domain/data';
import type { BaseDefinition } from '@pessoa/bases/base-definition';
import type { ModalidadeDivida, NaturezaAnotacao, SituacaoCadastral, SituacaoDivida, Uf } from './sdl-enums.ts';

/** What Base A must offer to our reader role; docs/bases.md says it to its owner. */
export const baseA = {
  contract: {
    pessoa: ['cpf', 'nome', 'situacao_cadastral'],
    endereco: [
      'cpf',
      'logradouro',
      'numero',
      'complemento',
      'bairro',
      'cidade',
      'uf',
      'cep',
      'codigo_ibge',
      'atualizado_em',
    ],
    credor: ['id', 'nome', 'cnpj'],
    divida: [
      'id',
      'cpf',
      'credor_id',
      'contrato',
      'modalidade',
      'natureza',
      'situacao',
      'valor_original',
      'valor_atualizado',
      'vencimento',
      'data_inclusao',
      'data_comunicacao',
      'parcelas_em_atraso',
      'principal',
      'uf',
    ],
  },
  types: {
    'pessoa.cpf': 'char(11)',
    'endereco.cpf': 'char(11)',
    'endereco.uf': 'char(2)',
    'endereco.cep': 'char(8)',
    'endereco.codigo_ibge': 'char(7)',
    'endereco.atualizado_em': 'timestamptz(3)',
    'credor.cnpj': 'char(14)',
    'divida.cpf': 'char(11)',
    'divida.valor_original': 'numeric(17,2)',
    'divida.valor_atualizado': 'numeric(17,2)',
    'divida.vencimento': 'date',
    'divida.data_inclusao': 'date',
    'divida.data_comunicacao': 'date',
    'divida.parcelas_em_atraso': 'integer',
    'divida.principal': 'boolean',
    'divida.uf': 'char(2)',
  },
  keys: {
    pessoa: 'cpf',
    endereco: 'cpf',
    credor: 'id',
    divida: 'id',
  },
  indexes: {
    divida: 'cpf, vencimento DESC, id DESC',
  },
} as const satisfies BaseDefinition;

/** A row of `pessoa`. */
export interface PessoaRow {
  readonly cpf: string;
  readonly nome: string;
  readonly situacaoCadastral: SituacaoCadastral;
}

/** A row of `endereco`. */
export interface EnderecoRow {
  readonly cpf: string;
  readonly logradouro: string | null;
  readonly numero: string | null;
  readonly complemento: string | null;
  readonly bairro: string | null;
  readonly cidade: string | null;
  readonly uf: Uf | null;
  readonly cep: string | null;
  readonly codigoIbge: string | null;
  readonly atualizadoEm: string | null;
}

/** A row of `credor`. */
export interface CredorRow {
  readonly id: string;
  readonly nome: string;
  readonly cnpj: string | null;
}

/** A row of `divida`. */
export interface DividaRow {
  readonly id: string;
  readonly cpf: string;
  readonly credorId: string;
  readonly contrato: string;
  readonly modalidade: ModalidadeDivida;
  readonly natureza: NaturezaAnotacao;
  readonly situacao: SituacaoDivida;
  readonly valorOriginal: string;
  readonly valorAtualizado: string | null;
  readonly vencimento: Data;
  readonly dataInclusao: Data;
  readonly dataComunicacao: Data | null;
  readonly parcelasEmAtraso: number | null;
  readonly principal: boolean;
  readonly uf: Uf | null;
}

// Generated from prisma/schema.prisma by `npm run generate:bases`.
import type { Data } from '@pessoa/domain/data';
import type { BaseDefinition } from '@pessoa/bases/base-definition';
import type { Periodicidade, TipoBem, TipoRenda, Uf } from './sdl-enums.ts';

/** What Base B must offer to our reader role; docs/bases.md says it to its owner. */
export const baseB = {
  contract: {
    titular: ['cpf', 'nascimento'],
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
    bem: [
      'id',
      'cpf',
      'tipo',
      'descricao',
      'valor_estimado',
      'data_avaliacao',
      'onerado',
      'saldo_devedor',
      'percentual_propriedade',
      'uf',
    ],
    fonte_de_renda: [
      'id',
      'cpf',
      'tipo',
      'pagador',
      'cnpj_pagador',
      'ocupacao',
      'valor',
      'periodicidade',
      'desde',
      'comprovada',
    ],
  },
  types: {
    'titular.cpf': 'char(11)',
    'titular.nascimento': 'date',
    'endereco.cpf': 'char(11)',
    'endereco.uf': 'char(2)',
    'endereco.cep': 'char(8)',
    'endereco.codigo_ibge': 'char(7)',
    'endereco.atualizado_em': 'timestamptz(3)',
    'bem.cpf': 'char(11)',
    'bem.valor_estimado': 'numeric(17,2)',
    'bem.data_avaliacao': 'date',
    'bem.onerado': 'boolean',
    'bem.saldo_devedor': 'numeric(17,2)',
    'bem.percentual_propriedade': 'integer',
    'bem.uf': 'char(2)',
    'fonte_de_renda.cpf': 'char(11)',
    'fonte_de_renda.cnpj_pagador': 'char(14)',
    'fonte_de_renda.valor': 'numeric(17,2)',
    'fonte_de_renda.desde': 'date',
    'fonte_de_renda.comprovada': 'boolean',
  },
  keys: {
    titular: 'cpf',
    endereco: 'cpf',
    bem: 'id',
    fonte_de_renda: 'id',
  },
  indexes: {
    bem: 'cpf, id',
    fonte_de_renda: 'cpf, id',
  },
} as const satisfies BaseDefinition;

/** A row of `titular`. */
export interface TitularRow {
  readonly cpf: string;
  readonly nascimento: Data | null;
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

/** A row of `bem`. */
export interface BemRow {
  readonly id: string;
  readonly cpf: string;
  readonly tipo: TipoBem;
  readonly descricao: string;
  readonly valorEstimado: string | null;
  readonly dataAvaliacao: Data | null;
  readonly onerado: boolean;
  readonly saldoDevedor: string | null;
  readonly percentualPropriedade: number | null;
  readonly uf: Uf | null;
}

/** A row of `fonte_de_renda`. */
export interface FonteDeRendaRow {
  readonly id: string;
  readonly cpf: string;
  readonly tipo: TipoRenda;
  readonly pagador: string | null;
  readonly cnpjPagador: string | null;
  readonly ocupacao: string | null;
  readonly valor: string;
  readonly periodicidade: Periodicidade;
  readonly desde: Data | null;
  readonly comprovada: boolean;
}

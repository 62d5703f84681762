import type { BaseContract, ColumnTypes } from '@pessoa/platform/base/base';

/** What Base B must offer to our reader role; docs/bases.md says it to its owner. */
export const baseBContract: BaseContract = {
  titular: ['cpf', 'nascimento'],
  endereco: ['cpf', 'logradouro', 'numero', 'complemento', 'bairro', 'cidade', 'uf', 'cep', 'codigo_ibge', 'atualizado_em'],
  bem: [
    'id', 'cpf', 'tipo', 'descricao', 'valor_estimado', 'data_avaliacao', 'onerado', 'saldo_devedor',
    'percentual_propriedade', 'uf',
  ],
  fonte_de_renda: [
    'id', 'cpf', 'tipo', 'pagador', 'cnpj_pagador', 'ocupacao', 'valor', 'periodicidade', 'desde', 'comprovada',
  ],
}; // prettier-ignore

/** The columns among them that are not text. */
export const baseBTypes: ColumnTypes = {
  'titular.nascimento': 'date',
  'endereco.atualizado_em': 'timestamptz',
  'bem.valor_estimado': 'numeric(17,2)',
  'bem.data_avaliacao': 'date',
  'bem.onerado': 'boolean',
  'bem.saldo_devedor': 'numeric(17,2)',
  'bem.percentual_propriedade': 'integer',
  'fonte_de_renda.valor': 'numeric(17,2)',
  'fonte_de_renda.desde': 'date',
  'fonte_de_renda.comprovada': 'boolean',
};

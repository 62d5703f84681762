import type { BaseContract, ColumnTypes, ExpectedIndexes, Keys } from '@pessoa/platform/base/base';

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
};

/** What a row of each table is found by: one column, unique in it. */
export const baseBKeys: Keys = {
  titular: 'cpf',
  endereco: 'cpf',
  bem: 'id',
  fonte_de_renda: 'id',
};

/** What a person's rows are found by, in the order in which pages are cut. */
export const baseBIndexes: ExpectedIndexes = {
  bem: 'cpf, id',
  fonte_de_renda: 'cpf, id',
};

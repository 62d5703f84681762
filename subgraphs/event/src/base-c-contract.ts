import type { BaseContract, ColumnTypes, ExpectedIndexes, Keys } from '@pessoa/platform/base/base';

/** What Base C must offer to our reader role; docs/bases.md says it to its owner. */
export const baseCContract: BaseContract = {
  titular: ['cpf'],
  consulta: [
    'id', 'cpf', 'consulente', 'cnpj_consulente', 'biro', 'data_hora', 'finalidade', 'produto', 'pelo_titular',
  ],
  movimentacao: [
    'id', 'cpf', 'data_hora', 'natureza', 'tipo', 'valor', 'descricao', 'canal', 'instituicao_nome', 'instituicao_ispb',
    'instituicao_compe', 'situacao', 'contraparte', 'saldo_apos', 'palavras',
  ],
  compra_cartao: [
    'id', 'cpf', 'data_hora', 'valor', 'valor_moeda_origem', 'moeda_origem', 'estabelecimento', 'mcc', 'bandeira',
    'final_cartao', 'emissor_nome', 'emissor_ispb', 'emissor_compe', 'forma_pagamento', 'parcelas', 'presencial', 'aprovada',
  ],
}; // prettier-ignore

/** The columns among them that are not text. */
export const baseCTypes: ColumnTypes = {
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
};

/** What a row of each table is found by: one column, unique in it. */
export const baseCKeys: Keys = {
  titular: 'cpf',
  consulta: 'id',
  movimentacao: 'id',
  compra_cartao: 'id',
};

/** What a person's rows are found by, in the order in which pages are cut. */
export const baseCIndexes: ExpectedIndexes = {
  consulta: 'cpf, data_hora DESC, id DESC',
  movimentacao: 'cpf, data_hora DESC, id DESC',
  compra_cartao: 'cpf, data_hora DESC, id DESC',
};

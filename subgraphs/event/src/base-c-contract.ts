import type { BaseContract, ColumnTypes } from '@pessoa/platform/base/base';

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
  'consulta.data_hora': 'timestamptz',
  'consulta.pelo_titular': 'boolean',
  'movimentacao.data_hora': 'timestamptz',
  'movimentacao.valor': 'numeric(17,2)',
  'movimentacao.saldo_apos': 'numeric(17,2)',
  'movimentacao.palavras': 'text[]',
  'compra_cartao.data_hora': 'timestamptz',
  'compra_cartao.valor': 'numeric(17,2)',
  'compra_cartao.valor_moeda_origem': 'numeric(17,2)',
  'compra_cartao.parcelas': 'integer',
  'compra_cartao.presencial': 'boolean',
  'compra_cartao.aprovada': 'boolean',
};

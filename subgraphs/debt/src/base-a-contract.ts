import type { BaseContract, ColumnTypes, ExpectedIndexes, Keys } from '@pessoa/platform/base/base';

/** What Base A must offer to our reader role; docs/bases.md says it to its owner. */
export const baseAContract: BaseContract = {
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
    'id', 'cpf', 'credor_id', 'contrato', 'modalidade', 'natureza', 'situacao', 'valor_original', 'valor_atualizado',
    'vencimento', 'data_inclusao', 'data_comunicacao', 'parcelas_em_atraso', 'principal', 'uf',
  ], // prettier-ignore
};

/** The columns among them that are not text. */
export const baseATypes: ColumnTypes = {
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
};

/** What a row of each table is found by: one column, unique in it. */
export const baseAKeys: Keys = {
  pessoa: 'cpf',
  endereco: 'cpf',
  credor: 'id',
  divida: 'id',
};

/** What a person's rows are found by, in the order in which pages are cut. */
export const baseAIndexes: ExpectedIndexes = {
  divida: 'cpf, vencimento DESC, id DESC',
};

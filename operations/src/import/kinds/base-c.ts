import { wordsOf } from '@pessoa/domain/words';
import {
  booleanColumn,
  cnpjColumn,
  codeColumn,
  cpfColumn,
  amountColumn,
  enumColumn,
  lastFourColumn,
  idColumn,
  instantColumn,
  integerColumn,
  optional,
  signedAmountColumn,
  textColumn,
  cardSafeTextColumn,
} from '../columns.ts';
import type { Column } from '../columns.ts';
import { sameNames } from './import-kind.ts';
import type { ImportKind } from './import-kind.ts';

const ispb = (name: string): Column => codeColumn(name, 'ISPB, eight positions', /^[A-Z0-9]{8}$/, 'char(8)', 8);
const compe = (name: string): Column => codeColumn(name, 'COMPE code, three digits', /^\d{3}$/, 'char(3)', 3);
const namesOf = (columns: readonly Column[]): string[] => columns.map(({ name }) => name);

export const pessoasBaseC: ImportKind = {
  base: 'base-c',
  name: 'pessoas',
  key: 'cpf',
  columns: [cpfColumn],
  computed: [],
  targets: [{ table: 'titular', key: 'cpf', columns: sameNames('cpf') }],
};

const consultaColumns = [
  idColumn,
  cpfColumn,
  textColumn('consulente', 200),
  optional(cnpjColumn('cnpj_consulente')),
  optional(textColumn('biro', 100)),
  instantColumn('data_hora'),
  enumColumn('finalidade', 'Finalidade'),
  optional(textColumn('produto', 100)),
  booleanColumn('pelo_titular'),
];

export const consultas: ImportKind = {
  base: 'base-c',
  name: 'consultas',
  key: 'id',
  columns: consultaColumns,
  computed: [],
  peopleTable: 'titular',
  targets: [{ table: 'consulta', key: 'id', columns: sameNames(...namesOf(consultaColumns)) }],
};

const movimentacaoColumns = [
  idColumn,
  cpfColumn,
  instantColumn('data_hora'),
  enumColumn('natureza', 'NaturezaLancamento'),
  enumColumn('tipo', 'TipoMovimentacao'),
  amountColumn('valor'),
  optional(cardSafeTextColumn('descricao', 300)),
  optional(enumColumn('canal', 'CanalMovimentacao')),
  optional(textColumn('instituicao_nome', 200)),
  optional(ispb('instituicao_ispb')),
  optional(compe('instituicao_compe')),
  enumColumn('situacao', 'SituacaoMovimentacao'),
  optional(cardSafeTextColumn('contraparte', 200)),
  optional(signedAmountColumn('saldo_apos')),
];

export const movimentacoes: ImportKind = {
  base: 'base-c',
  name: 'movimentacoes',
  key: 'id',
  columns: movimentacaoColumns,
  computed: [
    {
      name: 'palavras',
      sqlType: 'text[]',
      compute: (valueOf) => `{${wordsOf(`${valueOf('descricao')} ${valueOf('contraparte')}`).join(',')}}`,
    },
  ],
  peopleTable: 'titular',
  targets: [{ table: 'movimentacao', key: 'id', columns: sameNames(...namesOf(movimentacaoColumns), 'palavras') }],
};

const compraColumns = [
  idColumn,
  cpfColumn,
  instantColumn('data_hora'),
  amountColumn('valor'),
  optional(amountColumn('valor_moeda_origem')),
  optional(codeColumn('moeda_origem', 'ISO 4217 code, such as USD', /^[A-Z]{3}$/, 'char(3)')),
  cardSafeTextColumn('estabelecimento', 200),
  optional(codeColumn('mcc', 'ISO 18245 code, four digits', /^\d{4}$/, 'char(4)', 4)),
  enumColumn('bandeira', 'Bandeira'),
  lastFourColumn('final_cartao'),
  optional(textColumn('emissor_nome', 200)),
  optional(ispb('emissor_ispb')),
  optional(compe('emissor_compe')),
  enumColumn('forma_pagamento', 'FormaPagamento'),
  integerColumn('parcelas', 1, 99),
  optional(booleanColumn('presencial')),
  booleanColumn('aprovada'),
];

export const compras: ImportKind = {
  base: 'base-c',
  name: 'compras',
  key: 'id',
  columns: compraColumns,
  computed: [],
  peopleTable: 'titular',
  targets: [{ table: 'compra_cartao', key: 'id', columns: sameNames(...namesOf(compraColumns)) }],
};

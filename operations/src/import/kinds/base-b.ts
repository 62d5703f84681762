import {
  booleanColumn,
  cnpjColumn,
  cpfColumn,
  dayColumn,
  amountColumn,
  enumColumn,
  idColumn,
  integerColumn,
  optional,
  textColumn,
} from '../columns.ts';
import { enderecoColumns, enderecoTarget } from './endereco.ts';
import { sameNames } from './import-kind.ts';
import type { ImportKind } from './import-kind.ts';

export const pessoasBaseB: ImportKind = {
  base: 'base-b',
  name: 'pessoas',
  key: 'cpf',
  columns: [cpfColumn, optional(dayColumn('nascimento')), ...enderecoColumns],
  computed: [],
  targets: [{ table: 'titular', key: 'cpf', columns: sameNames('cpf', 'nascimento') }, enderecoTarget],
};

const bemColumns = [
  idColumn,
  cpfColumn,
  enumColumn('tipo', 'TipoBem'),
  textColumn('descricao', 300),
  optional(amountColumn('valor_estimado')),
  optional(dayColumn('data_avaliacao')),
  booleanColumn('onerado'),
  optional(amountColumn('saldo_devedor')),
  optional(integerColumn('percentual_propriedade', 1, 100)),
  optional(enumColumn('uf', 'UF')),
];

export const bens: ImportKind = {
  base: 'base-b',
  name: 'bens',
  key: 'id',
  columns: bemColumns,
  computed: [],
  peopleTable: 'titular',
  targets: [{ table: 'bem', key: 'id', columns: sameNames(...bemColumns.map(({ name }) => name)) }],
};

const rendaColumns = [
  idColumn,
  cpfColumn,
  enumColumn('tipo', 'TipoRenda'),
  optional(textColumn('pagador', 200)),
  optional(cnpjColumn('cnpj_pagador')),
  optional(textColumn('ocupacao', 200)),
  amountColumn('valor'),
  enumColumn('periodicidade', 'Periodicidade'),
  optional(dayColumn('desde')),
  booleanColumn('comprovada'),
];

export const rendas: ImportKind = {
  base: 'base-b',
  name: 'rendas',
  key: 'id',
  columns: rendaColumns,
  computed: [],
  peopleTable: 'titular',
  targets: [{ table: 'fonte_de_renda', key: 'id', columns: sameNames(...rendaColumns.map(({ name }) => name)) }],
};

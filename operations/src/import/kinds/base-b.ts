import { booleano, cnpj, cpf, data, dinheiro, enumeracao, id, inteiro, optional, texto } from '../columns.ts';
import { enderecoColumns, enderecoTarget } from './endereco.ts';
import { sameNames } from './import-kind.ts';
import type { ImportKind } from './import-kind.ts';

export const pessoasBaseB: ImportKind = {
  base: 'base-b',
  name: 'pessoas',
  key: 'cpf',
  columns: [cpf, optional(data('nascimento')), ...enderecoColumns],
  computed: [],
  targets: [{ table: 'titular', key: 'cpf', columns: sameNames('cpf', 'nascimento') }, enderecoTarget],
};

const bemColumns = [
  id,
  cpf,
  enumeracao('tipo', 'TipoBem'),
  texto('descricao', 300),
  optional(dinheiro('valor_estimado')),
  optional(data('data_avaliacao')),
  booleano('onerado'),
  optional(dinheiro('saldo_devedor')),
  optional(inteiro('percentual_propriedade', 1, 100)),
  optional(enumeracao('uf', 'UF')),
];

export const bens: ImportKind = {
  base: 'base-b',
  name: 'bens',
  key: 'id',
  columns: bemColumns,
  computed: [],
  people: 'titular',
  targets: [{ table: 'bem', key: 'id', columns: sameNames(...bemColumns.map(({ name }) => name)) }],
};

const rendaColumns = [
  id,
  cpf,
  enumeracao('tipo', 'TipoRenda'),
  optional(texto('pagador', 200)),
  optional(cnpj('cnpj_pagador')),
  optional(texto('ocupacao', 200)),
  dinheiro('valor'),
  enumeracao('periodicidade', 'Periodicidade'),
  optional(data('desde')),
  booleano('comprovada'),
];

export const rendas: ImportKind = {
  base: 'base-b',
  name: 'rendas',
  key: 'id',
  columns: rendaColumns,
  computed: [],
  people: 'titular',
  targets: [{ table: 'fonte_de_renda', key: 'id', columns: sameNames(...rendaColumns.map(({ name }) => name)) }],
};

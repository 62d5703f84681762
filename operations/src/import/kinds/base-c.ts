import { wordsOf } from '@pessoa/domain/words';
import {
  booleano,
  cnpj,
  codigo,
  cpf,
  dinheiro,
  enumeracao,
  finalCartao,
  id,
  instante,
  inteiro,
  optional,
  saldo,
  texto,
  textoSemCartao,
} from '../columns.ts';
import type { Column } from '../columns.ts';
import { sameNames } from './import-kind.ts';
import type { ImportKind } from './import-kind.ts';

const ispb = (name: string): Column => codigo(name, 'ISPB, eight positions', /^[A-Z0-9]{8}$/, 'char(8)', 8);
const compe = (name: string): Column => codigo(name, 'COMPE code, three digits', /^\d{3}$/, 'char(3)', 3);
const namesOf = (columns: readonly Column[]): string[] => columns.map(({ name }) => name);

export const pessoasBaseC: ImportKind = {
  base: 'base-c',
  name: 'pessoas',
  key: 'cpf',
  columns: [cpf],
  computed: [],
  targets: [{ table: 'titular', key: 'cpf', columns: sameNames('cpf') }],
};

const consultaColumns = [
  id,
  cpf,
  texto('consulente', 200),
  optional(cnpj('cnpj_consulente')),
  optional(texto('biro', 100)),
  instante('data_hora'),
  enumeracao('finalidade', 'Finalidade'),
  optional(texto('produto', 100)),
  booleano('pelo_titular'),
];

export const consultas: ImportKind = {
  base: 'base-c',
  name: 'consultas',
  key: 'id',
  columns: consultaColumns,
  computed: [],
  people: 'titular',
  targets: [{ table: 'consulta', key: 'id', columns: sameNames(...namesOf(consultaColumns)) }],
};

const movimentacaoColumns = [
  id,
  cpf,
  instante('data_hora'),
  enumeracao('natureza', 'NaturezaLancamento'),
  enumeracao('tipo', 'TipoMovimentacao'),
  dinheiro('valor'),
  optional(textoSemCartao('descricao', 300)),
  optional(enumeracao('canal', 'CanalMovimentacao')),
  optional(texto('instituicao_nome', 200)),
  optional(ispb('instituicao_ispb')),
  optional(compe('instituicao_compe')),
  enumeracao('situacao', 'SituacaoMovimentacao'),
  optional(textoSemCartao('contraparte', 200)),
  optional(saldo('saldo_apos')),
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
  people: 'titular',
  targets: [{ table: 'movimentacao', key: 'id', columns: sameNames(...namesOf(movimentacaoColumns), 'palavras') }],
};

const compraColumns = [
  id,
  cpf,
  instante('data_hora'),
  dinheiro('valor'),
  optional(dinheiro('valor_moeda_origem')),
  optional(codigo('moeda_origem', 'ISO 4217 code, such as USD', /^[A-Z]{3}$/, 'char(3)')),
  textoSemCartao('estabelecimento', 200),
  optional(codigo('mcc', 'ISO 18245 code, four digits', /^\d{4}$/, 'char(4)', 4)),
  enumeracao('bandeira', 'Bandeira'),
  finalCartao('final_cartao'),
  optional(texto('emissor_nome', 200)),
  optional(ispb('emissor_ispb')),
  optional(compe('emissor_compe')),
  enumeracao('forma_pagamento', 'FormaPagamento'),
  inteiro('parcelas', 1, 99),
  optional(booleano('presencial')),
  booleano('aprovada'),
];

export const compras: ImportKind = {
  base: 'base-c',
  name: 'compras',
  key: 'id',
  columns: compraColumns,
  computed: [],
  people: 'titular',
  targets: [{ table: 'compra_cartao', key: 'id', columns: sameNames(...namesOf(compraColumns)) }],
};

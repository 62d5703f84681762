import { createHash } from 'node:crypto';
import { baseA } from '@pessoa/bases/base-a';
import {
  cnpjColumn,
  cpfColumn,
  dayColumn,
  amountColumn,
  enumColumn,
  idColumn,
  integerColumn,
  optional,
  booleanColumn,
  textColumn,
} from '../columns.ts';
import { enderecoColumns, enderecoTarget } from './endereco.ts';
import { sameNames } from './import-kind.ts';
import type { ImportKind } from './import-kind.ts';

export const pessoasBaseA: ImportKind = {
  base: 'base-a',
  name: 'pessoas',
  key: 'cpf',
  columns: [
    cpfColumn,
    textColumn('nome', 200),
    enumColumn('situacao_cadastral', 'SituacaoCadastral'),
    ...enderecoColumns,
  ],
  computed: [],
  targets: [{ table: 'pessoa', key: 'cpf', columns: sameNames(...baseA.contract.pessoa) }, enderecoTarget],
};

/** Cached ids of creditors that the base does not have yet: one id for each CNPJ, or for each name without a CNPJ. */
const idsByCredor = new Map<string, string>();
function credorId(cnpjOrName: string): string {
  let id = idsByCredor.get(cnpjOrName);
  if (id === undefined) {
    id = `c${createHash('sha256').update(cnpjOrName).digest('hex').slice(0, 24)}`;
    if (idsByCredor.size >= 50_000) idsByCredor.clear();
    idsByCredor.set(cnpjOrName, id);
  }
  return id;
}

export const dividas: ImportKind = {
  base: 'base-a',
  name: 'dividas',
  key: 'id',
  columns: [
    idColumn,
    cpfColumn,
    textColumn('credor_nome', 200),
    optional(cnpjColumn('credor_cnpj')),
    textColumn('contrato', 64),
    enumColumn('modalidade', 'ModalidadeDivida'),
    enumColumn('natureza', 'NaturezaAnotacao'),
    enumColumn('situacao', 'SituacaoDivida'),
    amountColumn('valor_original'),
    optional(amountColumn('valor_atualizado')),
    dayColumn('vencimento'),
    dayColumn('data_inclusao'),
    optional(dayColumn('data_comunicacao')),
    optional(integerColumn('parcelas_em_atraso', 0, 9_999)),
    booleanColumn('principal'),
    optional(enumColumn('uf', 'UF')),
  ],
  computed: [
    {
      name: 'credor_id',
      sqlType: 'text',
      compute: (valueOf) => credorId(valueOf('credor_cnpj') || `nome ${valueOf('credor_nome')}`),
    },
  ],
  peopleTable: 'pessoa',
  setupSql: `INSERT INTO credor (id, nome, cnpj)
           SELECT credor_id, min(credor_nome), min(credor_cnpj) FROM staged GROUP BY credor_id ORDER BY credor_id
           ON CONFLICT DO NOTHING`,
  targets: [
    {
      table: 'divida',
      key: 'id',
      // The base may have the creditor under another id: it is found by its CNPJ.
      join: 'LEFT JOIN credor c ON c.cnpj = s.credor_cnpj',
      columns: { ...sameNames(...baseA.contract.divida), credor_id: 'coalesce(c.id, s.credor_id)' },
    },
  ],
  notice: {
    sql: 'SELECT count(*)::int AS lines FROM staged s JOIN credor c ON c.cnpj = s.credor_cnpj WHERE c.nome <> s.credor_nome',
    text: "lines have another name of a creditor than the base has for that CNPJ; the base's name was kept",
  },
};

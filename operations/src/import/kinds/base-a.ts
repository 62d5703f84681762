import { createHash } from 'node:crypto';
import { baseA } from '@pessoa/bases/base-a';
import { cnpj, cpf, data, dinheiro, enumeracao, id, inteiro, optional, booleano, texto } from '../columns.ts';
import { enderecoColumns, enderecoTarget } from './endereco.ts';
import { sameNames } from './import-kind.ts';
import type { ImportKind } from './import-kind.ts';

export const pessoasBaseA: ImportKind = {
  base: 'base-a',
  name: 'pessoas',
  key: 'cpf',
  columns: [cpf, texto('nome', 200), enumeracao('situacao_cadastral', 'SituacaoCadastral'), ...enderecoColumns],
  computed: [],
  targets: [{ table: 'pessoa', key: 'cpf', columns: sameNames(...baseA.contract.pessoa) }, enderecoTarget],
};

/** The id of a creditor that the base does not have yet: the same for the same CNPJ, or for the same name without one. */
const idsByCredor = new Map<string, string>();
function credorId(cnpjOrName: string): string {
  let known = idsByCredor.get(cnpjOrName);
  if (known === undefined) {
    known = `c${createHash('sha256').update(cnpjOrName).digest('hex').slice(0, 24)}`;
    if (idsByCredor.size >= 50_000) idsByCredor.clear();
    idsByCredor.set(cnpjOrName, known);
  }
  return known;
}

export const dividas: ImportKind = {
  base: 'base-a',
  name: 'dividas',
  key: 'id',
  columns: [
    id,
    cpf,
    texto('credor_nome', 200),
    optional(cnpj('credor_cnpj')),
    texto('contrato', 64),
    enumeracao('modalidade', 'ModalidadeDivida'),
    enumeracao('natureza', 'NaturezaAnotacao'),
    enumeracao('situacao', 'SituacaoDivida'),
    dinheiro('valor_original'),
    optional(dinheiro('valor_atualizado')),
    data('vencimento'),
    data('data_inclusao'),
    optional(data('data_comunicacao')),
    optional(inteiro('parcelas_em_atraso', 0, 9_999)),
    booleano('principal'),
    optional(enumeracao('uf', 'UF')),
  ],
  computed: [
    {
      name: 'credor_id',
      sqlType: 'text',
      compute: (valueOf) => credorId(valueOf('credor_cnpj') || `nome ${valueOf('credor_nome')}`),
    },
  ],
  people: 'pessoa',
  before: `INSERT INTO credor (id, nome, cnpj)
           SELECT credor_id, min(credor_nome), min(credor_cnpj) FROM importacao GROUP BY credor_id ORDER BY credor_id
           ON CONFLICT DO NOTHING`,
  targets: [
    {
      table: 'divida',
      key: 'id',
      // A creditor that was in the base before, under an id of its own, is found by its CNPJ.
      join: 'LEFT JOIN credor c ON c.cnpj = s.credor_cnpj',
      columns: { ...sameNames(...baseA.contract.divida), credor_id: 'coalesce(c.id, s.credor_id)' },
    },
  ],
  notice: {
    sql: 'SELECT count(*)::int AS lines FROM importacao s JOIN credor c ON c.cnpj = s.credor_cnpj WHERE c.nome <> s.credor_nome',
    text: "lines name a creditor otherwise than the base does for that CNPJ; the base's name was kept",
  },
};

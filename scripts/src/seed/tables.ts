import { type PerBase, perBase } from '@pessoa/domain/services';
import { copyField } from '../postgres/copy-rows.ts';
import { credores } from './populacao/credores.ts';
import type { CopyValue } from '../postgres/copy-rows.ts';
import type { PessoaFicticia } from './populacao/rows.ts';

/** A table of a base and where a person's rows for it are. */
export interface SeedTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** The rows of one person, each a line in COPY's text format. */
  lines(pessoa: PessoaFicticia): string;
}

const camelCase = (column: string): string => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function lineWriter<Row extends object>(columns: readonly string[]): (rows: readonly Row[]) => string {
  const fields = columns.map((column) => camelCase(column) as keyof Row);
  return (rows) => {
    let lines = '';
    for (const row of rows) {
      let separator = '';
      for (const field of fields) {
        lines += separator + copyField(row[field] as CopyValue);
        separator = '\t';
      }
      lines += '\n';
    }
    return lines;
  };
}

function table<Row extends object>(
  name: string,
  columns: string,
  rowsOf: (pessoa: PessoaFicticia) => readonly Row[],
): SeedTable {
  const names = columns.split(' ');
  const write = lineWriter<Row>(names);
  return { table: name, columns: names, lines: (pessoa) => write(rowsOf(pessoa)) };
}

const ENDERECO = 'cpf logradouro numero complemento bairro cidade uf cep codigo_ibge atualizado_em';

/** The tables that hold people, parents before children. */
export const seedTables: PerBase<readonly SeedTable[]> = {
  baseA: [
    table('pessoa', 'cpf nome situacao_cadastral', ({ baseA }) => baseA.pessoa),
    table('endereco', ENDERECO, ({ baseA }) => baseA.endereco),
    table(
      'divida',
      'id cpf credor_id contrato modalidade natureza situacao valor_original valor_atualizado vencimento data_inclusao data_comunicacao parcelas_em_atraso principal uf',
      ({ baseA }) => baseA.divida,
    ),
  ],
  baseB: [
    table('titular', 'cpf nascimento', ({ baseB }) => baseB.titular),
    table('endereco', ENDERECO, ({ baseB }) => baseB.endereco),
    table(
      'bem',
      'id cpf tipo descricao valor_estimado data_avaliacao onerado saldo_devedor percentual_propriedade uf',
      ({ baseB }) => baseB.bem,
    ),
    table(
      'fonte_de_renda',
      'id cpf tipo pagador cnpj_pagador ocupacao valor periodicidade desde comprovada',
      ({ baseB }) => baseB.fonteDeRenda,
    ),
  ],
  baseC: [
    table('titular', 'cpf', ({ baseC }) => baseC.titular),
    table(
      'consulta',
      'id cpf consulente cnpj_consulente biro data_hora finalidade produto pelo_titular',
      ({ baseC }) => baseC.consulta,
    ),
    table(
      'movimentacao',
      'id cpf data_hora natureza tipo valor descricao canal instituicao_nome instituicao_ispb instituicao_compe situacao contraparte saldo_apos palavras',
      ({ baseC }) => baseC.movimentacao,
    ),
    table(
      'compra_cartao',
      'id cpf data_hora valor valor_moeda_origem moeda_origem estabelecimento mcc bandeira final_cartao emissor_nome emissor_ispb emissor_compe forma_pagamento parcelas presencial aprovada',
      ({ baseC }) => baseC.compraCartao,
    ),
  ],
};

/** Creditors belong to no person: the same in every population. */
export const credorTable = {
  table: 'credor',
  columns: ['id', 'nome', 'cnpj'],
  lines: lineWriter(['id', 'nome', 'cnpj'])(credores),
};

/** Every table the seed fills, of each base. */
export const filledTables = perBase((base) => [
  ...(base === 'baseA' ? [credorTable.table] : []),
  ...seedTables[base].map(({ table }) => table),
]);

import { baseA } from '@pessoa/bases/base-a';
import { baseB } from '@pessoa/bases/base-b';
import { baseC } from '@pessoa/bases/base-c';
import type { BaseDefinition } from '@pessoa/bases/base-definition';
import { type PerBase, perBase } from '@pessoa/domain/services';
import { copyField } from '@pessoa/operations/postgres/copy-rows';
import type { CopyValue } from '@pessoa/operations/postgres/copy-rows';
import { credores } from './population/credores.ts';
import type { FictitiousPerson } from './population/rows.ts';

/** A table of a base, and how to write a person's rows for it. */
export interface SeedTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** The rows of one person, each a line in COPY's text format. */
  lines(pessoa: FictitiousPerson): string;
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

function table<Definition extends BaseDefinition, Row extends object>(
  { contract }: Definition,
  name: keyof Definition['contract'] & string,
  rowsOf: (pessoa: FictitiousPerson) => readonly Row[],
): SeedTable {
  const columns = contract[name]!;
  const write = lineWriter<Row>(columns);
  return { table: name, columns, lines: (pessoa) => write(rowsOf(pessoa)) };
}

/** The tables that hold people, parents before children. */
export const seedTables: PerBase<readonly SeedTable[]> = {
  baseA: [
    table(baseA, 'pessoa', (pessoa) => pessoa.baseA.pessoa),
    table(baseA, 'endereco', (pessoa) => pessoa.baseA.endereco),
    table(baseA, 'divida', (pessoa) => pessoa.baseA.divida),
  ],
  baseB: [
    table(baseB, 'titular', (pessoa) => pessoa.baseB.titular),
    table(baseB, 'endereco', (pessoa) => pessoa.baseB.endereco),
    table(baseB, 'bem', (pessoa) => pessoa.baseB.bem),
    table(baseB, 'fonte_de_renda', (pessoa) => pessoa.baseB.fonteDeRenda),
  ],
  baseC: [
    table(baseC, 'titular', (pessoa) => pessoa.baseC.titular),
    table(baseC, 'consulta', (pessoa) => pessoa.baseC.consulta),
    table(baseC, 'movimentacao', (pessoa) => pessoa.baseC.movimentacao),
    table(baseC, 'compra_cartao', (pessoa) => pessoa.baseC.compraCartao),
  ],
};

/** The creditors, which are the same in every population. */
export const credorTable = {
  table: 'credor',
  columns: baseA.contract.credor,
  lines: lineWriter(baseA.contract.credor)(credores),
};

/** The names of all tables that the seed fills, by base. */
export const filledTables = perBase((base) => [
  ...(base === 'baseA' ? [credorTable.table] : []),
  ...seedTables[base].map(({ table }) => table),
]);

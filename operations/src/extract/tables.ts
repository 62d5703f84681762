/** The form of a value, in Parquet and in NDJSON. */
export type ColumnType = 'STRING' | 'INT32' | 'INT64' | 'BOOLEAN';
export type Value = string | number | bigint | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** What it says, for the data card. */
  readonly about: string;
}

export type TableName = 'pessoas' | 'bens' | 'fontes_de_renda';
export type Row = readonly Value[];

const KEY: Column = { name: 'chave', type: 'STRING', about: 'pseudonym of the person: the same in every table, and in every extraction with the same key' }; // prettier-ignore

/**
 * The columns of each table. A person has one row in `pessoas`. No column has a name, an address, a description, an employer or a day: what
 * a model needs of them is their age in months, whether they are there, and the state.
 */
export const tables: Readonly<Record<TableName, readonly Column[]>> = {
  pessoas: [
    KEY,
    { name: 'idade', type: 'INT32', about: 'completed years; null without a birth day' },
    { name: 'uf', type: 'STRING', about: 'state of the address' },
    { name: 'endereco_completo', type: 'BOOLEAN', about: 'street, number and CEP are there; null without an address' },
    { name: 'endereco_meses', type: 'INT32', about: 'completed months since the base confirmed the address' },
  ],
  bens: [
    KEY,
    { name: 'tipo', type: 'STRING', about: 'TipoBem' },
    { name: 'valor_estimado_centavos', type: 'INT64', about: 'of the whole asset' },
    { name: 'avaliacao_meses', type: 'INT32', about: 'completed months since that estimate' },
    { name: 'onerado', type: 'BOOLEAN', about: 'it secures a debt' },
    { name: 'saldo_devedor_centavos', type: 'INT64', about: 'still owed on the whole asset; null is nothing' },
    { name: 'percentual_propriedade', type: 'INT32', about: 'share of the person, 1 to 100; null is 100' },
    { name: 'uf', type: 'STRING', about: 'state of the asset' },
  ],
  fontes_de_renda: [
    KEY,
    { name: 'tipo', type: 'STRING', about: 'TipoRenda' },
    { name: 'valor_centavos', type: 'INT64', about: 'of one payment' },
    { name: 'periodicidade', type: 'STRING', about: 'Periodicidade' },
    { name: 'desde_meses', type: 'INT32', about: 'completed months since the first payment; null when unknown' },
    { name: 'comprovada', type: 'BOOLEAN', about: 'a document proves it' },
  ],
};

export const tableNames = Object.keys(tables) as TableName[];

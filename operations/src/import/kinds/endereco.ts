import { codeColumn, enumColumn, instantColumn, optional, textColumn } from '../columns.ts';
import { sameNames } from './import-kind.ts';
import type { Target } from './import-kind.ts';

/** The columns of an address, in the line of its person. */
export const enderecoColumns = [
  textColumn('logradouro', 200),
  textColumn('numero', 20),
  textColumn('complemento', 100),
  textColumn('bairro', 100),
  textColumn('cidade', 100),
  enumColumn('uf', 'UF'),
  codeColumn('cep', 'CEP, eight digits', /^\d{8}$/, 'char(8)', 8),
  codeColumn('codigo_ibge', 'IBGE code of the municipality, seven digits', /^\d{7}$/, 'char(7)'),
  instantColumn('atualizado_em'),
].map(optional);

const names = enderecoColumns.map(({ name }) => name);

export const enderecoTarget: Target = {
  table: 'endereco',
  key: 'cpf',
  columns: sameNames('cpf', ...names),
  condition: `num_nonnulls(${names.map((name) => `s.${name}`).join(', ')}) > 0`,
};

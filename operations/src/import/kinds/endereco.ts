import { codigo, enumeracao, instante, optional, texto } from '../columns.ts';
import { sameNames } from './import-kind.ts';
import type { Target } from './import-kind.ts';

/** An address beside its person, in one line. */
export const enderecoColumns = [
  texto('logradouro', 200),
  texto('numero', 20),
  texto('complemento', 100),
  texto('bairro', 100),
  texto('cidade', 100),
  enumeracao('uf', 'UF'),
  codigo('cep', 'CEP, eight digits', /^\d{8}$/, 'char(8)', 8),
  codigo('codigo_ibge', 'IBGE code of the municipality, seven digits', /^\d{7}$/, 'char(7)'),
  instante('atualizado_em'),
].map(optional);

const names = enderecoColumns.map(({ name }) => name);

export const enderecoTarget: Target = {
  table: 'endereco',
  key: 'cpf',
  columns: sameNames('cpf', ...names),
  when: `num_nonnulls(${names.map((name) => `s.${name}`).join(', ')}) > 0`,
};

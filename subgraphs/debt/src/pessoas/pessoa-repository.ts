import type { PessoaRow } from '@pessoa/bases/base-a';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Endereco } from '../generated/resolvers.ts';

export type Cadastro = Omit<PessoaRow, 'cpf'>;

/** Registration data and address of people in Base A. Each call runs one statement; undefined when the base has no row. */
export interface PessoaRepository {
  cadastros(cpfs: readonly Cpf[]): Promise<(Cadastro | undefined)[]>;
  enderecos(cpfs: readonly Cpf[]): Promise<(Endereco | undefined)[]>;
}

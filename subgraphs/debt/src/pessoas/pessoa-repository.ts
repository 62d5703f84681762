import type { PessoaRow } from '@pessoa/bases/base-a';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Endereco } from '../generated/resolvers.ts';

export type Cadastro = Omit<PessoaRow, 'cpf'>;

/** Who a person is, by Base A. One statement a call; undefined where the base has nothing. */
export interface PessoaRepository {
  cadastros(cpfs: readonly Cpf[]): Promise<(Cadastro | undefined)[]>;
  enderecos(cpfs: readonly Cpf[]): Promise<(Endereco | undefined)[]>;
}

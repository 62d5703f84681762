import type { Cpf } from './cpf.ts';

/** A person as the graph passes them between subgraphs: nothing but the key. */
export interface PessoaRef {
  readonly cpf: Cpf;
}

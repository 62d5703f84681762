import type { Cpf } from './cpf.ts';

/** A person as subgraphs pass them to one another: only the key of the entity. */
export interface PessoaRef {
  readonly cpf: Cpf;
}

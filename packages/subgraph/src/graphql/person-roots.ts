import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import { checkCpfsCount } from '@pessoa/domain/paging';
import type { PessoaRef } from '@pessoa/domain/pessoa';

/**
 * `Query.pessoa` and `Query.pessoas`, the same in all three subgraphs. They read no base and never return null, so that a base that
 * is down costs only its own fields and not the person.
 */
export const personRoots = {
  pessoa: (_: unknown, { cpf }: { cpf: Cpf }): PessoaRef => ({ cpf }),
  pessoas: (_: unknown, { cpfs }: { cpfs: readonly Cpf[] }): PessoaRef[] => {
    checkCpfsCount(cpfs);
    return cpfs.map((cpf) => ({ cpf }));
  },
};

/** The router sends `{ cpf }`. Other keys of a representation are ignored. */
export const personReference = {
  __resolveReference: ({ cpf }: { cpf?: unknown }): PessoaRef => {
    const validCpf = readCpf(cpf);
    if (!validCpf) throw new PublicError('CPF_INVALIDO');
    return { cpf: validCpf };
  },
};

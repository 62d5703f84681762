import type { PessoaResolvers } from '../generated/resolvers.ts';

/** The fields that Event adds to Pessoa. */
export const Pessoa: PessoaResolvers = {
  // Eventos holds the CPF because the guards of its fields need to know whose data they protect.
  eventos: async ({ cpf }, _, { reads }) => ((await reads.isKnown.load(cpf)) ? { cpf } : null),
};

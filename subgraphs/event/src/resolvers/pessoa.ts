import type { PessoaResolvers } from '../generated/resolvers.ts';

/** Event's share of Pessoa. */
export const Pessoa: PessoaResolvers = {
  // Eventos carries the CPF on: the rules of its guarded fields are about one person.
  eventos: async ({ cpf }, _, { reads }) => ((await reads.isKnown.load(cpf)) ? { cpf } : null),
};

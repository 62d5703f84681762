import type { PessoaResolvers } from '../generated/resolvers.ts';
import { scoreOf } from '../perfis/score.ts';

/** The fields that Score adds to Pessoa. */
export const Pessoa: PessoaResolvers = {
  score: async ({ cpf }, _, { reads }) => {
    const perfil = await reads.perfil.load(cpf);
    return perfil && scoreOf(perfil, reads.clock, reads.scoring);
  },
  perfil: async ({ cpf }, _, { reads }) => {
    const perfil = await reads.perfil.load(cpf);
    return perfil && { ...perfil, cpf };
  },
};

import { personReference, personRoots } from '@pessoa/subgraph/graphql/person-roots';
import type { Resolvers } from '../generated/resolvers.ts';
import { Bem } from './bem.ts';
import { Endereco } from './endereco.ts';
import { FonteDeRenda } from './fonte-de-renda.ts';
import { PerfilFinanceiro } from './perfil-financeiro.ts';
import { Pessoa } from './pessoa.ts';
import { Score } from './score.ts';

export const resolvers: Resolvers = {
  Query: personRoots,
  Pessoa: { ...personReference, ...Pessoa },
  Score,
  PerfilFinanceiro,
  Endereco,
  Bem,
  FonteDeRenda,
};

import { personReference, personRoots } from '@pessoa/subgraph/graphql/person-roots';
import type { Resolvers } from '../generated/resolvers.ts';
import { Divida } from './divida.ts';
import { Endereco } from './endereco.ts';
import { Pessoa } from './pessoa.ts';

export const resolvers: Resolvers = {
  Query: personRoots,
  Pessoa: { ...personReference, ...Pessoa },
  Endereco,
  Divida,
};

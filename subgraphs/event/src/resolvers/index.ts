import { personReference, personRoots } from '@pessoa/subgraph/graphql/person-roots';
import type { Resolvers } from '../generated/resolvers.ts';
import { ConsultaCpf } from './consulta-cpf.ts';
import { Eventos } from './eventos.ts';
import { Pessoa } from './pessoa.ts';

export const resolvers: Resolvers = {
  Query: personRoots,
  Pessoa: { ...personReference, ...Pessoa },
  Eventos,
  ConsultaCpf,
};

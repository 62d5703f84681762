import { personReference, personRoots } from '@pessoa/subgraph/graphql/person-roots';
import type { Resolvers } from '../generated/resolvers.ts';
import { CompraCartao } from './compra-cartao.ts';
import { ConsultaCpf } from './consulta-cpf.ts';
import { Eventos } from './eventos.ts';
import { Instituicao } from './instituicao.ts';
import { Movimentacao } from './movimentacao.ts';
import { Pessoa } from './pessoa.ts';

export const resolvers: Resolvers = {
  Query: personRoots,
  Pessoa: { ...personReference, ...Pessoa },
  Eventos,
  ConsultaCpf,
  Movimentacao,
  CompraCartao,
  Instituicao,
};

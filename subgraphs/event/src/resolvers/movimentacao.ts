import { held, neverNegative } from '@pessoa/subgraph/graphql/held-value';
import type { MovimentacaoResolvers } from '../generated/resolvers.ts';

export const Movimentacao: MovimentacaoResolvers = {
  valor: ({ valor }) => held(valor, neverNegative),
};

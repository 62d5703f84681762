import { checkValue, neverNegative } from '@pessoa/subgraph/graphql/value-rules';
import type { MovimentacaoResolvers } from '../generated/resolvers.ts';

export const Movimentacao: MovimentacaoResolvers = {
  valor: ({ valor }) => checkValue(valor, neverNegative),
};

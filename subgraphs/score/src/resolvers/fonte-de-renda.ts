import { checkValue, neverNegative } from '@pessoa/subgraph/graphql/value-rules';
import type { FonteDeRendaResolvers } from '../generated/resolvers.ts';

export const FonteDeRenda: FonteDeRendaResolvers = {
  valor: ({ valorCentavos }) => checkValue(valorCentavos, neverNegative),
};

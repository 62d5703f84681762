import { held, neverNegative } from '@pessoa/subgraph/graphql/held-value';
import type { FonteDeRendaResolvers } from '../generated/resolvers.ts';

export const FonteDeRenda: FonteDeRendaResolvers = {
  valor: ({ valorCentavos }) => held(valorCentavos, neverNegative),
};

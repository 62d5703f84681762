import type { FonteDeRendaResolvers } from '../generated/resolvers.ts';

export const FonteDeRenda: FonteDeRendaResolvers = {
  valor: ({ valorCentavos }) => valorCentavos,
};

import type { BemResolvers } from '../generated/resolvers.ts';

export const Bem: BemResolvers = {
  valorEstimado: ({ valorEstimadoCentavos }) => valorEstimadoCentavos,
  saldoDevedor: ({ saldoDevedorCentavos }) => saldoDevedorCentavos,
  percentualPropriedade: ({ percentualPropriedade }) => percentualPropriedade ?? 100,
};

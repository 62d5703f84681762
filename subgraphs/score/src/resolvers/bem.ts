import { held, neverNegative } from '@pessoa/subgraph/graphql/held-value';
import type { BemResolvers } from '../generated/resolvers.ts';
import { percentual } from '../perfis/readable-perfil.ts';

export const Bem: BemResolvers = {
  valorEstimado: ({ valorEstimadoCentavos }) => held(valorEstimadoCentavos, neverNegative),
  saldoDevedor: ({ saldoDevedorCentavos }) => held(saldoDevedorCentavos, neverNegative),
  percentualPropriedade: ({ percentualPropriedade }) => held(percentualPropriedade, percentual) ?? 100,
};

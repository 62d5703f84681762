import { checkValue, neverNegative } from '@pessoa/subgraph/graphql/value-rules';
import type { BemResolvers } from '../generated/resolvers.ts';
import { percentual } from '../perfis/readable-perfil.ts';

export const Bem: BemResolvers = {
  valorEstimado: ({ valorEstimadoCentavos }) => checkValue(valorEstimadoCentavos, neverNegative),
  saldoDevedor: ({ saldoDevedorCentavos }) => checkValue(saldoDevedorCentavos, neverNegative),
  percentualPropriedade: ({ percentualPropriedade }) => checkValue(percentualPropriedade, percentual) ?? 100,
};

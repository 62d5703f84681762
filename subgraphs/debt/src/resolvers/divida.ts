import { between, held, neverNegative } from '@pessoa/subgraph/graphql/held-value';
import { diasEmAtraso } from '../dividas/atraso.ts';
import { maskContrato } from '../dividas/contrato.ts';
import type { DividaResolvers } from '../generated/resolvers.ts';

/** As many as an import takes. */
const PARCELAS = between(0, 9_999);

export const Divida: DividaResolvers = {
  valorOriginal: ({ valorOriginal }) => held(valorOriginal, neverNegative),
  valorAtualizado: ({ valorAtualizado }) => held(valorAtualizado, neverNegative),
  parcelasEmAtraso: ({ parcelasEmAtraso }) => held(parcelasEmAtraso, PARCELAS),
  contrato: ({ contrato }, _, { viewer }) =>
    viewer.scopes.has('divida:read:completo') ? contrato : maskContrato(contrato),
  diasEmAtraso: (divida, _, { reads }) => diasEmAtraso(divida, reads.clock),
};

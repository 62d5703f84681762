import { between, checkValue, neverNegative } from '@pessoa/subgraph/graphql/value-rules';
import { diasEmAtraso } from '../dividas/atraso.ts';
import { maskContrato } from '../dividas/contrato.ts';
import type { DividaResolvers } from '../generated/resolvers.ts';

/** The same range as an import accepts. */
const PARCELAS = between(0, 9_999);

export const Divida: DividaResolvers = {
  valorOriginal: ({ valorOriginal }) => checkValue(valorOriginal, neverNegative),
  valorAtualizado: ({ valorAtualizado }) => checkValue(valorAtualizado, neverNegative),
  parcelasEmAtraso: ({ parcelasEmAtraso }) => checkValue(parcelasEmAtraso, PARCELAS),
  contrato: ({ contrato }, _, { viewer }) =>
    viewer.scopes.has('divida:read:completo') ? contrato : maskContrato(contrato),
  diasEmAtraso: (divida, _, { reads }) => diasEmAtraso(divida, reads.clock),
};

import { maskContrato } from '../dividas/contrato.ts';
import { diasEmAtraso } from '../dividas/atraso.ts';
import type { DividaResolvers } from '../generated/resolvers.ts';

export const Divida: DividaResolvers = {
  contrato: ({ contrato }, _, { viewer }) =>
    viewer.scopes.has('divida:read:completo') ? contrato : maskContrato(contrato),
  diasEmAtraso: (divida, _, { reads }) => diasEmAtraso(divida, reads.clock),
};

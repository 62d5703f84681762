import { type Clock, daysBetween, today } from '@pessoa/domain/data';
import { between, checkValue, neverNegative } from '@pessoa/subgraph/graphql/value-rules';
import { maskContrato } from '../dividas/contrato.ts';
import type { Divida as DividaRow } from '../dividas/divida.ts';
import type { DividaResolvers } from '../generated/resolvers.ts';

/** The same range as an import accepts. */
const PARCELAS = between(0, 9_999);
const ENDED: ReadonlySet<DividaRow['situacao']> = new Set(['QUITADA', 'BAIXADA_POR_PRAZO']);

export const Divida: DividaResolvers = {
  valorOriginal: ({ valorOriginal }) => checkValue(valorOriginal, neverNegative),
  valorAtualizado: ({ valorAtualizado }) => checkValue(valorAtualizado, neverNegative),
  parcelasEmAtraso: ({ parcelasEmAtraso }) => checkValue(parcelasEmAtraso, PARCELAS),
  contrato: ({ contrato }, _, { viewer }) =>
    // A base without the number breaks its contract, and the null says so.
    viewer.scopes.has('divida:read:completo') ? contrato : contrato && maskContrato(contrato),
  diasEmAtraso: (divida, _, { reads }) => diasEmAtraso(divida, reads.clock),
};

/**
 * Days since `vencimento`, by the calendar of São Paulo. 0 before it, and for a debt that has ended.
 *
 * @returns NaN when the base lacks `vencimento`, which makes the field FONTE_INVALIDA
 */
function diasEmAtraso({ situacao, vencimento }: DividaRow, clock: Clock): number {
  if (ENDED.has(situacao)) return 0;
  return vencimento === null ? Number.NaN : Math.max(0, daysBetween(vencimento, today(clock)));
}

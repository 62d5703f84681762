import type { RawBem } from './permitted-perfil.ts';
import { readableCentavos } from './readable-values.ts';

type Bem = Pick<RawBem, 'valorEstimadoCentavos' | 'saldoDevedorCentavos' | 'percentualPropriedade'>;

/**
 * @returns hundredths of a centavo: the division by 100 comes once, after the sum; undefined when a value is unreadable
 */
function holderShareOf(bem: Bem): bigint | undefined {
  const valor = readableCentavos(bem.valorEstimadoCentavos);
  const saldoDevedor = readableCentavos(bem.saldoDevedorCentavos ?? 0n);
  const percentual = bem.percentualPropriedade ?? 100;
  if (valor === undefined || saldoDevedor === undefined) return undefined;
  if (!Number.isInteger(percentual) || percentual < 1 || percentual > 100) return undefined;
  return (valor - saldoDevedor) * BigInt(percentual);
}

/**
 * The value of the assets less the balance owed on them, both by the holder's share: `valorEstimado` and `saldoDevedor`
 * are of the whole asset. A missing balance counts as 0, a missing share as 100. An asset without a value, or with an
 * unreadable balance or share, does not count at all: its debt alone would give a negative net worth that nobody has.
 *
 * @returns centavos, rounded down (-0.5 is -1); undefined when no asset can be valued, which is not the same as 0
 */
export function patrimonioLiquidoCentavos(bens: readonly Bem[]): bigint | undefined {
  const shares = bens.map(holderShareOf).filter((parte) => parte !== undefined);
  if (shares.length === 0) return undefined;
  const sum = shares.reduce((total, parte) => total + parte, 0n);
  // BigInt division rounds towards zero: half a centavo of debt would fall into the bin that begins at zero.
  return sum < 0n ? -((-sum + 99n) / 100n) : sum / 100n;
}

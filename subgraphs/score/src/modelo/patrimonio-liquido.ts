import { centavosLegiveis } from './legivel.ts';
import type { BemBruto } from './perfil-permitido.ts';

type Bem = Pick<BemBruto, 'valorEstimadoCentavos' | 'saldoDevedorCentavos' | 'percentualPropriedade'>;

/** Hundredths of a centavo, so that the division by 100 happens once, at the end. */
function parteDoTitular(bem: Bem): bigint | undefined {
  const valor = centavosLegiveis(bem.valorEstimadoCentavos);
  const saldoDevedor = centavosLegiveis(bem.saldoDevedorCentavos ?? 0n);
  const percentual = bem.percentualPropriedade ?? 100;
  if (valor === undefined || saldoDevedor === undefined) return undefined;
  if (!Number.isInteger(percentual) || percentual < 1 || percentual > 100) return undefined;
  return (valor - saldoDevedor) * BigInt(percentual);
}

/**
 * What is owned less what is owed on it, both in the holder's share: `valorEstimado` and `saldoDevedor` are of the whole
 * asset. A missing balance is nothing owed; a missing share is the whole. An asset without a value, or with an
 * unreadable balance or share, is left out whole: counting its debt alone would invent a negative net worth.
 * @returns centavos, rounded down (-0.5 is -1); undefined when no asset can be valued, which is not the same as 0
 */
export function patrimonioLiquidoCentavos(bens: readonly Bem[]): bigint | undefined {
  const partes = bens.map(parteDoTitular).filter((parte) => parte !== undefined);
  if (partes.length === 0) return undefined;
  const soma = partes.reduce((total, parte) => total + parte, 0n);
  // BigInt division cuts towards zero, which would lift half a centavo of debt into the bin that begins at zero.
  return soma < 0n ? -((-soma + 99n) / 100n) : soma / 100n;
}

import { type Clock, daysBetween, today } from '@pessoa/domain/data';
import type { Divida } from './divida.ts';

const ENDED: ReadonlySet<Divida['situacao']> = new Set(['QUITADA', 'BAIXADA_POR_PRAZO']);

/**
 * Days since `vencimento`, by the calendar of São Paulo. 0 before it, and for a debt that has ended.
 *
 * @returns NaN when the base lacks `vencimento`, which makes the field FONTE_INVALIDA
 */
export function diasEmAtraso({ situacao, vencimento }: Divida, clock: Clock): number {
  if (ENDED.has(situacao)) return 0;
  return vencimento === null ? Number.NaN : Math.max(0, daysBetween(vencimento, today(clock)));
}

import { type Clock, daysBetween, today } from '@pessoa/domain/data';
import type { Divida } from './divida.ts';

const ENDED: ReadonlySet<Divida['situacao']> = new Set(['QUITADA', 'BAIXADA_POR_PRAZO']);

/** Days of São Paulo since `vencimento`; 0 before it, and for a debt that has ended; NaN where the base has no such day. */
export function diasEmAtraso({ situacao, vencimento }: Divida, clock: Clock): number {
  if (ENDED.has(situacao)) return 0;
  return vencimento === null ? Number.NaN : Math.max(0, daysBetween(vencimento, today(clock)));
}

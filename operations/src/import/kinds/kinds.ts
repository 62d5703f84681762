import { dividas, pessoasBaseA } from './base-a.ts';
import { bens, pessoasBaseB, rendas } from './base-b.ts';
import { compras, consultas, movimentacoes, pessoasBaseC } from './base-c.ts';
import type { ImportKind } from './import-kind.ts';

/** Everything that can be imported. */
export const importKinds: readonly ImportKind[] = [
  pessoasBaseA,
  dividas,
  pessoasBaseB,
  bens,
  rendas,
  pessoasBaseC,
  consultas,
  movimentacoes,
  compras,
];

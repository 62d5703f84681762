import { today } from '@pessoa/domain/data';
import type { PerfilFinanceiroResolvers } from '../generated/resolvers.ts';
import { patrimonioLiquidoCentavos } from '../modelo/patrimonio-liquido.ts';
import { rendaMensalCentavos } from '../modelo/renda-mensal.ts';
import { idadeOf, summableBens, summableFontesDeRenda } from '../perfis/readable-perfil.ts';

/** The sums of a profile are computed by the model's functions, so they never contradict the score. */
export const PerfilFinanceiro: PerfilFinanceiroResolvers = {
  idade: (perfil, _, { reads }) => idadeOf(perfil, today(reads.clock)),
  patrimonioLiquido: (perfil) => patrimonioLiquidoCentavos(summableBens(perfil)),
  rendaMensal: (perfil) => rendaMensalCentavos(summableFontesDeRenda(perfil)),
};

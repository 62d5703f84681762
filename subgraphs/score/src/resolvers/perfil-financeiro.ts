import { today } from '@pessoa/domain/data';
import type { PerfilFinanceiroResolvers } from '../generated/resolvers.ts';
import { patrimonioLiquidoCentavos } from '../modelo/patrimonio-liquido.ts';
import { rendaMensalCentavos } from '../modelo/renda-mensal.ts';
import { idadeOf, summableBens, summableFontes } from '../perfis/readable-perfil.ts';

/** The profile's sums are the model's own, so that they never contradict the note. */
export const PerfilFinanceiro: PerfilFinanceiroResolvers = {
  idade: (perfil, _, { reads }) => idadeOf(perfil, today(reads.clock)),
  patrimonioLiquido: (perfil) => patrimonioLiquidoCentavos(summableBens(perfil)),
  rendaMensal: (perfil) => rendaMensalCentavos(summableFontes(perfil)),
};

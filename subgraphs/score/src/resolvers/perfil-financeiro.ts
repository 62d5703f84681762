import { today } from '@pessoa/domain/data';
import type { PerfilFinanceiroResolvers } from '../generated/resolvers.ts';
import { idade } from '../modelo/idade.ts';
import { patrimonioLiquidoCentavos } from '../modelo/patrimonio-liquido.ts';
import { rendaMensalCentavos } from '../modelo/renda-mensal.ts';
import { allReadable } from '../perfis/perfil.ts';

/** The profile's sums are the model's own, so that they never contradict the note. */
export const PerfilFinanceiro: PerfilFinanceiroResolvers = {
  idade: ({ nascimento }, _, { reads }) => idade(nascimento, today(reads.clock)),
  patrimonioLiquido: ({ bens }) => patrimonioLiquidoCentavos(allReadable(bens)),
  rendaMensal: ({ fontesDeRenda }) => rendaMensalCentavos(allReadable(fontesDeRenda)),
};

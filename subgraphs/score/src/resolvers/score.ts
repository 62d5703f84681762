import type { ScoreResolvers } from '../generated/resolvers.ts';
import { modelos } from '../modelo/modelos.ts';
import { scoreMeasures } from '../modelo/score-perfil.ts';
import { changedMeasures } from '../modelo/simulation.ts';

export const Score: ScoreResolvers = {
  simular: ({ valor, measures, modelo }, { mudancas }) => {
    const simulated = scoreMeasures(modelos[modelo], changedMeasures(measures, mudancas));
    return { ...simulated, diferenca: simulated.valor - valor };
  },
};

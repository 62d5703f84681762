import type { ScoreResolvers } from '../generated/resolvers.ts';
import { scoreMeasures } from '../modelo/score-perfil.ts';
import { changedMeasures } from '../modelo/simulation.ts';

export const Score: ScoreResolvers = {
  simular: ({ valor, measures }, { mudancas }) => {
    const simulated = scoreMeasures(changedMeasures(measures, mudancas));
    return { ...simulated, diferenca: simulated.valor - valor };
  },
};

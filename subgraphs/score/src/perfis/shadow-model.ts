import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Histogram } from 'prom-client';
import type { Modelo } from '../modelo/modelo.ts';
import { scoreMeasures } from '../modelo/score-perfil.ts';
import type { Score } from './score.ts';

/**
 * Runs a model beside the one that answers. Each computed score is computed by the shadow too, from the same measures, and
 * two metrics count how they differ. They have no label of a person, and a fixed number of series: a histogram, and a counter of at most
 * 16 pairs of bands. The shadow's scores go nowhere else.
 *
 * @returns what to call with each score
 */
export function shadowModel(shadow: Modelo, metrics: Metrics): (score: Score) => void {
  const difference = new Histogram({
    name: 'pessoa_score_shadow_difference_points',
    help: 'Points of the shadow model less points of the model that answers.',
    labelNames: ['model', 'shadow'] as const,
    buckets: [-300, -200, -100, -50, -25, -10, -1, 0, 10, 25, 50, 100, 200, 300],
    registers: [metrics],
  });
  const bands = new Counter({
    name: 'pessoa_score_shadow_bands_total',
    help: 'Scores by the band of the model that answers and of the shadow model.',
    labelNames: ['model', 'shadow', 'band', 'shadow_band'] as const,
    registers: [metrics],
  });
  return ({ modelo, valor, faixa, measures }) => {
    const shadowScore = scoreMeasures(shadow, measures);
    difference.observe({ model: modelo, shadow: shadow.version }, shadowScore.valor - valor);
    bands.inc({ model: modelo, shadow: shadow.version, band: faixa, shadow_band: shadowScore.faixa });
  };
}

import { createMetrics } from '@pessoa/service/metrics/metrics';
import { lossCounter } from '../../src/execution/lost-source-metrics.ts';
import type { SubgraphError } from '../../src/execution/subgraph-error.ts';

const error = (extensions: SubgraphError['extensions']): SubgraphError => ({ message: 'lost', extensions });

describe('The losses of sources', () => {
  it('are counted once a fetch for each source and code, and refusals are none', async () => {
    const metrics = createMetrics('router');
    const count = lossCounter(metrics);
    count([
      error({ code: 'FONTE_LENTA', fonte: 'evento' }),
      error({ code: 'FONTE_LENTA', fonte: 'evento' }),
      error({ code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' }),
      error({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO' }),
      error({ code: 'UNAUTHENTICATED' }),
      error({ code: 'INTERNAL_SERVER_ERROR' }),
    ]);
    count([error({ code: 'FONTE_LENTA', fonte: 'evento' })]);
    const { values } = await metrics.getSingleMetric('pessoa_source_losses_total')!.get();
    expect(values.map(({ value, labels }) => [labels['source'], labels['code'], value])).toEqual([
      ['evento', 'FONTE_LENTA', 2],
      ['auditoria', 'FONTE_INDISPONIVEL', 1],
      ['none', 'INTERNAL_SERVER_ERROR', 1],
    ]);
  });
});

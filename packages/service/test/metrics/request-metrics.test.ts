import { createMetrics } from '../../src/metrics/metrics.ts';
import { requestMetrics } from '../../src/metrics/request-metrics.ts';
import { ANONYMOUS } from '../../src/graphql/operation-name.ts';
import type { RequestFacts } from '../../src/http/request-facts.ts';
import type { Identity } from '../../src/identity/viewer.ts';

const factsOf = (facts: Partial<RequestFacts>): RequestFacts => ({
  interactionId: 'b0b5c7f0-3f4f-4a53-9a5e-1f2f9f0f6f11',
  startedAt: performance.now(),
  ...facts,
});
const client = (clientId: string): Identity => ({ clientId }) as Identity;

describe('The metrics of requests', () => {
  it('have one series for all operations that are not known, and one for all beyond the first 64', async () => {
    const metrics = createMetrics('teste');
    const requests = requestMetrics(metrics, new Set());
    requests.count(factsOf({}), '/graphql', 400);
    requests.count(factsOf({ operation: `${ANONYMOUS} 0123456789abcdef` }), '/graphql', 200);
    requests.count(factsOf({ operation: `${ANONYMOUS} fedcba9876543210` }), '/graphql', 200);
    for (let index = 0; index < 100; index++) requests.count(factsOf({ operation: `Nome${index}` }), '/graphql', 200);
    const { values } = await metrics.getSingleMetric('pessoa_request_duration_seconds')!.get();
    const counts = new Map(
      values
        .filter((value) => (value as { metricName?: string }).metricName?.endsWith('_count'))
        .map(({ labels, value }) => [labels['operation'], value]),
    );
    expect(counts.size).toBe(64 + 2);
    expect([counts.get('none'), counts.get('other'), counts.get('Nome0')]).toEqual([1, 2 + 36, 1]);
  });

  it('never have a name that looks like a CPF, not even one of the operator', async () => {
    const metrics = createMetrics('teste');
    requestMetrics(metrics, new Set()).count(factsOf({ operation: 'Op_52998224725' }), '/graphql', 200);
    expect(await metrics.metrics()).not.toContain('52998224725');
  });

  it('name the clients that are listed, and no other', async () => {
    const metrics = createMetrics('teste');
    const requests = requestMetrics(metrics, new Set(['banco']));
    for (const id of ['banco', '52998224725', 'outro'])
      requests.count(factsOf({ identity: client(id), code: 'RATE_LIMITED' }), '/graphql', 429);
    const { values } = await metrics.getSingleMetric('pessoa_client_requests_total')!.get();
    expect(values.map(({ labels, value }) => [labels['client'], labels['code'], value])).toEqual([
      ['banco', 'RATE_LIMITED', 1],
      ['other', 'RATE_LIMITED', 2],
    ]);
  });

  it('count a client that left before its answer', async () => {
    const metrics = createMetrics('teste');
    requestMetrics(metrics, new Set()).count(factsOf({}), '/divida/:cpf', undefined);
    const { values } = await metrics.getSingleMetric('pessoa_requests_total')!.get();
    expect(values).toMatchObject([{ labels: { route: '/divida/:cpf', status: 'gone', code: 'none' }, value: 1 }]);
  });
});

import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { showBreaker } from '../../src/metrics/breaker-metrics.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createBreaker } from '../../src/resilience/breaker.ts';

describe('The gauge of a breaker', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  it('is 1 while calls are refused, and 0 again at the first scrape after that, without any call', async () => {
    const metrics = createMetrics('teste');
    const breaker = createBreaker({ isFailure: () => true, refusal: () => new Error('refused') });
    showBreaker(metrics, 'base-a', breaker);
    const shown = async (): Promise<number> =>
      Number(/\} (\d)$/.exec(await metrics.getSingleMetricAsString('pessoa_breaker_open'))?.[1]);
    expect(await shown()).toBe(0);
    for (let call = 0; call < 10; call++) await breaker.run(() => Promise.reject(new Error('lost'))).catch(() => {});
    expect(await shown()).toBe(1);
    time.pass(4_900);
    expect(await shown()).toBe(1);
    time.pass(200);
    expect(await shown()).toBe(0);
  });
});

import { readAlertRules } from '../../src/alert-rules.ts';
import { firesAfter, firesWithin, type Series } from '../../src/promtool.ts';

/** An hour of samples, one every 15 s. */
const SAMPLES = 240;
const series = (name: string, values: string): Series => ({ series: name, values });
/** A counter that grows by so many in a minute. */
const growing = (name: string, perMinute: number): Series => series(name, `0+${(perMinute / 4).toFixed(4)}x${SAMPLES}`);
/** A counter that grows by one, once, after 15 minutes. */
const once = (name: string): Series => series(name, `0x59 1x${SAMPLES}`);

interface Share {
  readonly alert: string;
  /** The series of failures, and that of all; or of the others, where failures are part of all. */
  readonly failed: string;
  readonly all: string;
  /** The minimum of traffic, in a minute. */
  readonly perMinute: number;
  /** Above it the alert fires. */
  readonly share: number;
}

const shares: readonly Share[] = [
  {
    alert: 'PessoaSourceLost',
    failed: 'pessoa_source_losses_total{service="router",source="score",code="FONTE_LENTA"}',
    all: 'pessoa_operations_total{service="router",way="known"}',
    perMinute: 5,
    share: 0.05,
  },
  {
    alert: 'PessoaSqlErrors',
    failed: 'pessoa_sql_errors_total{service="debt",pool="base-a",code="57014"}',
    all: 'pessoa_sql_duration_seconds_count{service="debt",pool="base-a"}',
    perMinute: 5,
    share: 0.05,
  },
  {
    alert: 'PessoaSearchFromBase',
    failed: 'pessoa_search_answers_total{service="event",engine="base_c",reason="slow"}',
    all: 'pessoa_search_answers_total{service="event",engine="elasticsearch",reason="current"}',
    perMinute: 5,
    share: 0.05,
  },
  {
    alert: 'PessoaRequestsRefused',
    failed: 'pessoa_requests_refused_total{service="router"}',
    all: 'pessoa_client_requests_total{service="router",client="other",code="none"}',
    perMinute: 40,
    share: 0.01,
  },
  {
    alert: 'PessoaTracesLost',
    failed: 'pessoa_trace_spans_total{service="router",result="lost"}',
    all: 'pessoa_trace_spans_total{service="router",result="sent"}',
    perMinute: 5,
    share: 0.05,
  },
];

const BUSY = 600;

describe.each(shares)('$alert', ({ alert, failed, all, perMinute, share }) => {
  it('does not fire for one event, neither in little traffic nor at its minimum', async () => {
    for (const traffic of [0, perMinute / 10, perMinute * 1.05, BUSY])
      expect([traffic, await firesWithin(60, alert, [once(failed), growing(all, traffic)])]).toEqual([traffic, false]);
  });

  it('does not fire for a smaller share, nor for traffic below its minimum', async () => {
    const smaller = [growing(failed, BUSY * share * 0.8), growing(all, BUSY)];
    expect(await firesWithin(60, alert, smaller)).toBe(false);
    const little = [growing(failed, perMinute * 0.4), growing(all, perMinute * 0.4)];
    expect(await firesWithin(60, alert, little)).toBe(false);
  });

  it('fires for a larger share, and no longer once it has ended', async () => {
    for (const traffic of [perMinute * 1.2, BUSY])
      expect(await firesAfter(60, alert, [growing(failed, traffic * share * 1.5), growing(all, traffic)])).toBe(true);
    const ended = series(failed, `0+${BUSY / 4}x60 ${(BUSY / 4) * 60}x${SAMPLES}`);
    expect(await firesWithin(27, alert, [ended, growing(all, BUSY)])).toBe(true);
    expect(await firesAfter(27, alert, [ended, growing(all, BUSY)])).toBe(false);
  });
});

describe('A rule about a breaker', () => {
  const rules = [
    ['PessoaBreakerOpen', 'pessoa_breaker_open{service="debt",breaker="base-a"}', 1, 0],
    ['PessoaCacheLost', 'pessoa_cache_available{service="score",base="base-b"}', 0, 1],
    ['PessoaLimitsAlone', 'pessoa_rate_limit_counters_shared{service="router"}', 0, 1],
    ['PessoaLimitsAlone', 'pessoa_dpop_proofs_shared{service="router"}', 0, 1],
  ] as const;

  it.each(rules)('%s fires although some scrapes come between its probes, and not for one opening', async (alert, name, open, closed) => {
    const often = Array.from({ length: 60 }, () => `${closed} ${closed} ${open}`).join(' ');
    expect(await firesAfter(20, alert, [series(name, often)])).toBe(true);
    const single = series(name, `${closed}x40 ${open} ${closed}x${SAMPLES}`);
    expect(await firesWithin(60, alert, [single])).toBe(false);
  }); // prettier-ignore
});

describe('PessoaMetricsMissing', () => {
  const startOf = (service: string): Series => series(`pessoa_process_start_time_seconds{service="${service}"}`, `1x${SAMPLES}`); // prettier-ignore
  const needed = ['router', 'debt', 'score', 'event', 'auditor'].map(startOf);
  const index = series('pessoa_search_index_lag_seconds{service="event"}', `1x${SAMPLES}`);
  const isMissing = (given: readonly Series[]) => firesAfter(20, 'PessoaMetricsMissing', given);

  it('fires for each service of which there is nothing, of the indexer only where Event has an index', async () => {
    expect(await isMissing(needed)).toBe(false);
    for (const absent of needed) expect(await isMissing(needed.filter((present) => present !== absent))).toBe(true);
    expect(await isMissing([...needed, index])).toBe(true);
    expect(await isMissing([...needed, index, startOf('indexer')])).toBe(false);
    expect(await isMissing([series('up{job="other"}', `1x${SAMPLES}`)])).toBe(true);
  });
});

it('Every rule that divides is tested here', () => {
  const dividing = readAlertRules().filter(({ expr }) => / \/ .* and /s.test(expr));
  expect(dividing.map(({ alert }) => alert).toSorted()).toEqual(shares.map(({ alert }) => alert).toSorted());
});

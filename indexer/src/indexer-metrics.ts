import { systemClock } from '@pessoa/domain/data';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';

/**
 * Why the index does not follow. `changed`: Base C is another one than was indexed, or changes may have been missed. `refused`:
 * Base C lacks what this mode of following needs. `failed`: anything else.
 */
export type Stop = 'changed' | 'refused' | 'failed';

/** The metrics of the indexer. */
export interface IndexerMetrics {
  written(rows: number, position: string): void;
  /** The index has everything that Base C had committed before this instant. */
  upToDate(instant: Date): void;
  /** A count found that the index has all postings of Base C, and no other. */
  counted(): void;
  built(): void;
  failed(): void;
  unreadable(postings: number): void;
  /** @param why undefined while the index follows */
  stopped(why: Stop | undefined): void;
}

export function indexerMetrics(metrics: Metrics): IndexerMetrics {
  const registers = [metrics];
  let upToDateAt: number | undefined;
  new Gauge({
    name: 'pessoa_index_lag_seconds',
    help: 'Age of the newest instant of which everything committed in Base C can be found; not a number before the first.',
    registers,
    collect() {
      this.set(upToDateAt === undefined ? Number.NaN : (systemClock.now().getTime() - upToDateAt) / 1_000);
    },
  });
  let countedAt: number | undefined;
  new Gauge({
    name: 'pessoa_index_count_age_seconds',
    help: 'Age of the last count by which the index had all postings of Base C and no other; not a number before the first.',
    registers,
    collect() {
      this.set(countedAt === undefined ? Number.NaN : (performance.now() - countedAt) / 1_000);
    },
  });
  const rows = new Counter({
    name: 'pessoa_index_changes_total',
    help: 'Changes written to the index, those written again after a restart among them.',
    registers,
  });
  const positionGauge = new Gauge({
    name: 'pessoa_index_position',
    help: 'How far Base C has been read for good: movimentacao.versao, or the LSN.',
    registers,
  });
  const builds = new Counter({ name: 'pessoa_index_builds_total', help: 'Indexes built and put in use.', registers });
  const failures = new Counter({
    name: 'pessoa_index_failures_total',
    help: 'Times that following or building failed and was begun again.',
    registers,
  });
  const unreadable = new Counter({
    name: 'pessoa_index_unreadable_total',
    help: 'Postings that could not be indexed, each time that they were met: Base C answers for their people.',
    registers,
  });
  const stops = new Gauge({
    name: 'pessoa_index_stopped',
    help: '1 for the reason why the index does not follow Base C: changed, refused or failed.',
    labelNames: ['reason'] as const,
    registers,
  });
  const stopped = (why: Stop | undefined): void => {
    for (const reason of ['changed', 'refused', 'failed'] as const) stops.set({ reason }, reason === why ? 1 : 0);
  };
  stopped(undefined);
  return {
    stopped,
    written(count, position) {
      rows.inc(count);
      positionGauge.set(Number.parseInt(position, 10));
    },
    upToDate: (instant) => void (upToDateAt = instant.getTime()),
    counted: () => void (countedAt = performance.now()),
    built: () => builds.inc(),
    unreadable: (postings) => unreadable.inc(postings),
    failed: () => failures.inc(),
  };
}

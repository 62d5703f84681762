import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge, Histogram } from 'prom-client';
import { type FaultCounts, faultKinds } from './checks/fault-kinds.ts';
import type { AuditRecord } from './records/audit-record.ts';

/** The metrics of the auditor. */
export interface AuditorMetrics {
  leading(isLeader: boolean): void;
  /** @param publishedSize records under the newest published checkpoint */
  grown(size: number, publishedSize: number): void;
  placed(records: readonly AuditRecord[], now: Date): void;
  contradicted(): void;
  /** The faults that are there now. */
  faults(counts: FaultCounts): void;
  /** A check of all records has ended. */
  checked(): void;
}

/** A record waits for its place for less than a second; much longer means that it was dated back or that the log stood still. */
const AGE_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 60, 3_600];

export function auditorMetrics(metrics: Metrics): AuditorMetrics {
  const registers = [metrics];
  const leader = new Gauge({ name: 'pessoa_auditor_leader', help: '1 while this process keeps the log.', registers });
  const size = new Gauge({ name: 'pessoa_auditor_records', help: 'Records that have a place in the tree.', registers });
  const published = new Gauge({
    name: 'pessoa_auditor_published_records',
    help: 'Records under the newest published checkpoint.',
    registers,
  });
  const age = new Histogram({
    name: 'pessoa_auditor_record_age_seconds',
    help: 'Age of a record when it gets its place.',
    buckets: AGE_SECONDS,
    registers,
  });
  const contradictions = new Counter({
    name: 'pessoa_auditor_contradictions_total',
    help: 'Times that a published checkpoint or a witness contradicted the tree of the database.',
    registers,
  });
  const faults = new Gauge({
    name: 'pessoa_auditor_faults',
    help: 'Faults of stored records that are there, by kind. Of misdated and unchained: since the process started.',
    labelNames: ['kind'] as const,
    registers,
  });
  const checks = new Counter({
    name: 'pessoa_auditor_checks_total',
    help: 'Checks of all records that ended.',
    registers,
  });
  return {
    leading: (isLeader) => leader.set(isLeader ? 1 : 0),
    grown(records, publishedRecords) {
      size.set(records);
      published.set(publishedRecords);
    },
    placed(records, now) {
      for (const { dataHora } of records) age.observe((now.getTime() - Date.parse(dataHora)) / 1_000);
    },
    contradicted: () => contradictions.inc(),
    faults(counts) {
      for (const kind of faultKinds) faults.set({ kind }, counts[kind]);
    },
    checked: () => checks.inc(),
  };
}

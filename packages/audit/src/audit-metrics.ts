import type { Metrics } from '@pessoa/service/metrics/metrics';
import { inSpan, startSpan } from '@pessoa/service/tracing/tracing';
import { Counter, Gauge } from 'prom-client';
import type { AuditLog } from './audit-log.ts';

/** An audit log whose rows, failures and waiting answers are counted, with a span for each answer of a sampled trace. */
export function measuredAuditLog(log: AuditLog, metrics: Metrics): AuditLog {
  const registers = [metrics];
  const rows = new Counter({
    name: 'pessoa_audit_rows_total',
    help: 'Rows of the audit that are committed.',
    registers,
  });
  const failures = new Counter({
    name: 'pessoa_audit_failures_total',
    help: 'Answers that were withheld because the audit could not be written.',
    registers,
  });
  let writing = 0;
  new Gauge({
    name: 'pessoa_audit_answers_waiting',
    help: 'Answers that wait until their rows of the audit are committed.',
    registers,
    collect() {
      this.set(writing);
    },
  });
  return {
    ...log,
    async record(acessos) {
      writing += 1;
      try {
        const span = acessos.length > 0 ? startSpan('audit') : undefined;
        await (span ? inSpan(span, () => log.record(acessos)) : log.record(acessos));
        rows.inc(acessos.length);
      } catch (error) {
        failures.inc();
        throw error;
      } finally {
        writing -= 1;
      }
    },
  };
}

/** @returns a function that counts reads which were not answered and have no record either */
export function lostReadsCounter(metrics: Metrics): (rows: number) => void {
  const lost = new Counter({
    name: 'pessoa_audit_lost_reads_total',
    help: 'Reads whose answers were withheld and that could not be written as FALHA later either.',
    registers: [metrics],
  });
  return (rows) => lost.inc(rows);
}

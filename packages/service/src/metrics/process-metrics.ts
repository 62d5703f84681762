import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Counter, Gauge } from 'prom-client';
import { perRegistry } from './per-registry.ts';

/** How often the delay of the event loop is sampled, in milliseconds. */
const DELAY_RESOLUTION_MILLIS = 20;
const QUANTILES = [50, 99, 100] as const;

/**
 * Shows how busy the process is. In the single process each part shows the same process.
 *
 * Nothing is measured before the metrics are read for the first time.
 */
export const showProcess = perRegistry((metrics) => {
  const registers = [metrics];
  let counted = { active: 0, idle: 0, cpu: 0 };
  new Counter({
    name: 'pessoa_event_loop_active_seconds_total',
    help: 'Time that the event loop worked: its rate is the utilisation, from 0 to 1.',
    registers,
    collect() {
      const { active } = performance.eventLoopUtilization();
      this.inc(Math.max(0, active - counted.active) / 1_000);
      counted = { ...counted, active };
    },
  });
  new Counter({
    name: 'pessoa_process_cpu_seconds_total',
    help: 'CPU of all threads of the process.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.inc((user + system - counted.cpu) / 1e6);
      counted = { ...counted, cpu: user + system };
    },
  });
  let delay: ReturnType<typeof startDelay> | undefined;
  let windowAt = performance.now();
  let lastWindow: readonly number[] = [];
  new Gauge({
    name: 'pessoa_event_loop_delay_seconds',
    help: 'How much later than due a timer ran, in the last 30 to 60 s: quantiles 0.5, 0.99 and 1.',
    labelNames: ['quantile'] as const,
    registers,
    collect() {
      delay ??= startDelay();
      const { count } = delay;
      const current = QUANTILES.map((percentile) => (count === 0 ? 0 : delay!.percentile(percentile)));
      for (const [index, percentile] of QUANTILES.entries()) {
        const nanos = Math.max(current[index]!, lastWindow[index] ?? 0);
        this.set({ quantile: String(percentile / 100) }, Math.max(0, nanos / 1e9 - DELAY_RESOLUTION_MILLIS / 1_000));
      }
      // By time and not at each read: a probe that reads the metrics must not take the delay away from the collector.
      if (performance.now() - windowAt < DELAY_WINDOW_MILLIS) return;
      windowAt = performance.now();
      lastWindow = current;
      delay.reset();
    },
  });
  const memory = new Gauge({
    name: 'pessoa_process_memory_bytes',
    help: 'Memory of the process: resident in RAM, used of the heap, and outside of the heap.',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      const { rss, heapUsed, external } = process.memoryUsage();
      memory.set({ kind: 'resident' }, rss);
      memory.set({ kind: 'heap' }, heapUsed);
      memory.set({ kind: 'external' }, external);
    },
  });
  new Gauge({
    name: 'pessoa_process_start_time_seconds',
    help: 'When the process started, in seconds since 1970.',
    registers,
  }).set(Math.round(performance.timeOrigin) / 1_000);
});

const DELAY_WINDOW_MILLIS = 30_000;

function startDelay() {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MILLIS });
  delay.enable();
  return delay;
}

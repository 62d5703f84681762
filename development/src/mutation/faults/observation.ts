import type { Fault } from '../fault.ts';

const TRACING = 'packages/service/src/tracing/tracing.ts';
const ASK_WORKERS = 'packages/service/src/processes/ask-workers.ts';
const workers = ['packages/service/test/processes/worker-metrics'];
const callers = ['packages/service/test/tracing/trace-callers'];

export const observation: readonly Fault[] = [
  {
    description: 'an open breaker looks open until somebody calls',
    file: 'packages/service/src/resilience/breaker.ts',
    from: "return isRefusing() ? 'fora' : 'degradada';",
    to: "return isRefusing() ? 'fora' : 'fora';",
    suites: ['packages/service/test/resilience/breaker', 'packages/service/test/metrics/breaker-metrics'],
  },
  {
    description: 'the flag of everybody is believed',
    file: TRACING,
    from: 'believes.has(caller) ?',
    to: 'believes.has(caller) || believes.size > 0 ?',
    suites: callers,
  },
  {
    description: 'the trace of a request begins again when its caller is found out later',
    file: TRACING,
    from: '    if (this.traceparent !== undefined) return;\n',
    to: '',
    suites: callers,
  },
  {
    description: 'a client chooses whether a ratio samples it, by its trace id',
    file: 'packages/service/src/tracing/start-tracing.ts',
    from: 'ids.generateTraceId()',
    to: "(ids, '0'.repeat(32))",
    suites: callers,
  },
  {
    description: 'every lost export is said',
    file: 'packages/service/src/tracing/counted-exporter.ts',
    from: '    if (performance.now() - saidAt < SAY_EVERY_MILLIS) return;\n',
    to: '',
    suites: ['packages/service/test/tracing/counted-exporter'],
  },
  {
    description: 'workers have a new number each',
    file: 'packages/service/src/processes/worker-slots.ts',
    from: '      while (used.has(slot)) slot += 1;\n',
    to: '      while (used.has(slot)) slot += 1;\n      slot = worker.id;\n',
    suites: workers,
  },
  {
    description: 'a worker that hangs is left out in silence',
    file: ASK_WORKERS,
    from: 'metrics === undefined && worker.isConnected()',
    to: 'metrics === undefined && !worker.isConnected()',
    suites: workers,
  },
];

import { setTimeout as sleep } from 'node:timers/promises';
import type { Sampler } from '@opentelemetry/sdk-trace-base';
import { setTracing } from './tracing.ts';
import type { SamplerName, TracingConfig } from './tracing-settings.ts';

/** Spans on their way to the collector. */
export interface RunningTracing {
  /** Sends the spans that have ended. */
  flush(): Promise<void>;
  /** Sends them, and traces nothing from then on. */
  close(): Promise<void>;
}

/** The most time that the last spans have at the end of the process: less than the 2 s that are left to it after its requests. */
const CLOSE_MILLIS = 1_500;

const OFF: RunningTracing = { flush: async () => {}, close: async () => {} };

/**
 * Begins to trace the requests of this process. The packages of OpenTelemetry are only loaded when something is traced.
 *
 * Spans are ours: instrumentation by patching does not see modules that are imported as ESM, and would record texts of statements
 * and paths (docs/decisions/0042).
 *
 * @param process the name of the process
 */
export async function startTracing(config: TracingConfig | undefined, process: string): Promise<RunningTracing> {
  if (!config) return OFF;
  const [{ parseTraceParent }, { resourceFromAttributes }, sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
    config.protocol === 'http/json'
      ? import('@opentelemetry/exporter-trace-otlp-http')
      : import('@opentelemetry/exporter-trace-otlp-proto'),
  ]);
  const { url, timeoutMillis } = config;
  const samplers: Record<SamplerName, () => Sampler> = {
    always_on: () => on,
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => ratio,
    parentbased_always_on: () => new sdk.ParentBasedSampler({ root: on }),
    parentbased_always_off: () => new sdk.ParentBasedSampler({ root: new sdk.AlwaysOffSampler() }),
    parentbased_traceidratio: () => new sdk.ParentBasedSampler({ root: ratio }),
  };
  const on = new sdk.AlwaysOnSampler();
  const ratio = new sdk.TraceIdRatioBasedSampler(config.ratio);
  const exporter = new OTLPTraceExporter({ url, headers: { ...config.headers }, timeoutMillis });
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': config.serviceName ?? `pessoa-${process}` }),
    sampler: samplers[config.sampler](),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  setTracing({ tracer: provider.getTracer('pessoa'), parse: parseTraceParent });
  return {
    flush: () => provider.forceFlush(),
    async close() {
      setTracing(undefined);
      // A collector that does not answer, or refuses, is no reason to end late or with an error.
      await Promise.race([provider.shutdown().catch(() => {}), sleep(CLOSE_MILLIS, undefined, { ref: false })]);
    },
  };
}

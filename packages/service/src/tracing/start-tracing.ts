import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logging/logger.ts';
import { countedExporter, type OnLostSpans } from './counted-exporter.ts';
import { setTracing } from './tracing.ts';
import { type RootSamplerName, readSampler, type TracingConfig } from './tracing-settings.ts';

/** Spans on their way to the collector. */
export interface RunningTracing {
  /** Sends the spans that have ended. */
  flush(): Promise<void>;
  /** From now on lost spans are said in this log, now and then. The log is made after tracing has begun: its lines name traces. */
  sayLosses(logger: Logger): void;
  /** Sends them, and traces nothing from then on. */
  close(): Promise<void>;
}

/** The most time that the last spans have at the end of the process: less than the 2 s that are left to it after its requests. */
const CLOSE_MILLIS = 1_500;

const OFF: RunningTracing = { flush: async () => {}, sayLosses() {}, close: async () => {} };

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
  const { url, timeoutMillis, sampler, ratio } = config;
  const roots: Record<RootSamplerName, () => Sampler> = {
    always_on: () => new sdk.AlwaysOnSampler(),
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => new sdk.TraceIdRatioBasedSampler(ratio),
  };
  const { rootName, believes } = readSampler(sampler);
  const root = roots[rootName]();
  const ids = new sdk.RandomIdGenerator();
  let say: OnLostSpans = () => {};
  const exporter = new OTLPTraceExporter({ url, headers: { ...config.headers }, timeoutMillis });
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': config.serviceName ?? `pessoa-${process}` }),
    sampler: new sdk.ParentBasedSampler({ root }), // whether a parent is sampled is decided in `openTrace`
    spanProcessors: [new sdk.BatchSpanProcessor(countedExporter(exporter, (lost) => say(lost)))],
  });
  setTracing({
    tracer: provider.getTracer('pessoa'),
    parse: parseTraceParent,
    believes,
    draw: () =>
      root.shouldSample(ROOT_CONTEXT, ids.generateTraceId(), '', SpanKind.SERVER, {}, []).decision ===
      sdk.SamplingDecision.RECORD_AND_SAMPLED,
  });
  return {
    flush: () => provider.forceFlush(),
    sayLosses: (logger) => void (say = (lost) => logger.warn(lost, 'spans are lost: the collector does not take them')),
    async close() {
      setTracing(undefined);
      // A collector that does not answer, or refuses, is no reason to end late or with an error.
      await Promise.race([provider.shutdown().catch(() => {}), sleep(CLOSE_MILLIS, undefined, { ref: false })]);
    },
  };
}

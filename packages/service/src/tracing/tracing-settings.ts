import { z } from 'zod';
import { wholeNumber } from '../config/whole-number.ts';
import type { TraceCaller } from './tracing.ts';

const rootSamplers = ['always_on', 'always_off', 'traceidratio'] as const;
const samplers = [...rootSamplers, ...rootSamplers.map((name) => `parentbased_${name}` as const)] as const;

export type RootSamplerName = (typeof rootSamplers)[number];
export type SamplerName = (typeof samplers)[number];

const endpoint = z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' }).optional();

/** The variables of OpenTelemetry that we check. Its packages read further ones by themselves, such as `OTEL_BSP_SCHEDULE_DELAY`. */
export const tracingVariables = {
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], 'is neither true nor false').default('false'),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], 'is neither otlp nor none').default('otlp'),
  /** Where traces are sent: `/v1/traces` is added. Without this and the next one, nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  /** The whole URL, in place of the one above. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'], 'is neither http/protobuf nor http/json')
    .default('http/protobuf'),
  /** Headers of each export, such as a key: `name=value,name=value`, percent-encoded. */
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
  OTEL_EXPORTER_OTLP_TIMEOUT: wholeNumber(1, 60_000, 'a whole number of ms').default(10_000),
  /** Which traces are sampled. With `parentbased_…` a client with a valid token decides when it sends a `traceparent`. */
  OTEL_TRACES_SAMPLER: z.enum(samplers, 'is not a sampler').default('parentbased_always_on'),
  /** The part of traces that a ratio samples. */
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .default('1')
    .refine((text) => /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text), 'is not a number from 0 to 1')
    .transform(Number),
  /** Default: the name of the process, such as `pessoa-router`. */
  OTEL_SERVICE_NAME: z.string().optional(),
};

export interface TracingConfig {
  /** The URL to which spans are posted. */
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMillis: number;
  readonly sampler: SamplerName;
  readonly ratio: number;
  readonly serviceName: string | undefined;
}

/** @returns undefined when nothing is traced */
export function readTracing(values: z.infer<z.ZodObject<typeof tracingVariables>>): TracingConfig | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = values;
  const url = whole ?? (base && `${base.replace(/\/$/, '')}/v1/traces`);
  if (!url || values.OTEL_SDK_DISABLED === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return undefined;
  return {
    url,
    protocol: values.OTEL_EXPORTER_OTLP_PROTOCOL,
    headers: readHeaders(values.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    timeoutMillis: values.OTEL_EXPORTER_OTLP_TIMEOUT,
    sampler: values.OTEL_TRACES_SAMPLER,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
    serviceName: values.OTEL_SERVICE_NAME,
  };
}

/**
 * What a sampler means: who decides without a caller, and the callers whose flag decides. A ratio is drawn once, by the router, and the
 * subgraphs follow; the flag of a client counts with `parentbased_…`.
 */
export function readSampler(name: SamplerName): { rootName: RootSamplerName; believes: ReadonlySet<TraceCaller> } {
  const isParentBased = name.startsWith('parentbased_');
  const rootName = name.replace('parentbased_', '') as RootSamplerName;
  const believes: TraceCaller[] = isParentBased ? ['router', 'client'] : rootName === 'traceidratio' ? ['router'] : [];
  return { rootName, believes: new Set(believes) };
}

/** Of the form of W3C baggage. What is no pair is left out, as OpenTelemetry does. */
const readHeaders = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      return name === undefined ? [] : [[name, decode(value!)]];
    }),
  );

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

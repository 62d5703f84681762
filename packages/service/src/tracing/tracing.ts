import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

/** What `startTracing` gives to this module. */
interface Tracing {
  readonly tracer: Tracer;
  /** Reads a `traceparent`. @returns null for what is none */
  readonly parse: (traceparent: string) => SpanContext | null;
}

/** Undefined while nothing is traced. Then every function here returns at once. */
let tracing: Tracing | undefined;

/** The span around what runs now. It holds spans of sampled traces only. */
const activeSpans = new AsyncLocalStorage<Span | undefined>();

/** Traces from now on, or no longer. Only `startTracing` calls it. */
export const setTracing = (next: Tracing | undefined): void => void (tracing = next);

export const isTracing = (): boolean => tracing !== undefined;

/** The trace of one request. */
export interface RequestTrace {
  /** For the calls that the request makes: its place in the trace, also of a trace that is not sampled. */
  readonly traceparent: string;
  /** Undefined for a trace that is not sampled. */
  readonly span: Span | undefined;
}

/**
 * Begins the span of a request, in the trace that `traceparent` names, or in a new one. A `tracestate` and a `baggage` are not read:
 * they are text of a client.
 *
 * @returns undefined while nothing is traced
 */
export function beginTrace(name: string, service: string, traceparent: unknown): RequestTrace | undefined {
  if (!tracing) return undefined;
  const parent = typeof traceparent === 'string' ? tracing.parse(traceparent) : null;
  const context = parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
  const span = tracing.tracer.startSpan(name, { kind: SpanKind.SERVER }, context);
  if (!span.isRecording()) return { traceparent: traceparentOf(span), span: undefined };
  span.setAttribute('pessoa.service', service);
  return { traceparent: traceparentOf(span), span };
}

/** From here on, what runs in this asynchronous context belongs to this request, or to none. */
export function enterTrace(request: RequestTrace | undefined): void {
  if (tracing) activeSpans.enterWith(request?.span);
}

/** Runs work within a span, or within none. */
export const withSpan = <T>(span: Span | undefined, work: () => T): T =>
  tracing ? activeSpans.run(span, work) : work();

export const activeSpan = (): Span | undefined => (tracing ? activeSpans.getStore() : undefined);

/**
 * Starts a span within the active one.
 *
 * @param name never text of a client
 * @returns undefined while nothing is traced, and outside of a sampled trace
 */
export function startSpan(name: string, kind: SpanKind = SpanKind.INTERNAL): Span | undefined {
  const parent = activeSpan();
  return parent && tracing!.tracer.startSpan(name, { kind }, trace.setSpan(ROOT_CONTEXT, parent));
}

/** Ends a span. @param code why it failed: a code, never the text of an error, which may have values */
export function endSpan(span: Span, code?: string): void {
  if (code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.end();
}

/** Runs work within a span of its own. */
export async function inSpan<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await withSpan(span, work);
    span.end();
    return answer;
  } catch (error) {
    endSpan(span, codeOfError(error));
    throw error;
  }
}

/**
 * A load of a DataLoader that has a span for each batch; while nothing is traced, the load as it is.
 *
 * @param name what is loaded, such as `dividas`
 */
export function tracedBatch<Key, Loaded>(
  name: string,
  load: (keys: readonly Key[]) => Promise<Loaded>,
): (keys: readonly Key[]) => Promise<Loaded> {
  if (!tracing) return load;
  return (keys) => {
    const span = startSpan(`batch ${name}`);
    if (!span) return load(keys);
    span.setAttribute('pessoa.keys', keys.length);
    return inSpan(span, () => load(keys));
  };
}

/** The code of an error: of the closed table, of PostgreSQL, of the system; else the name of its class. */
export function codeOfError(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : typeof name === 'string' ? name : 'Error';
}

/** The header by which a call is put into the trace. */
export function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags & 1 ? '01' : '00'}`;
}

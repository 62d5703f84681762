import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';

/** Who sent a request. A client is known by a valid token, and the router by its signature. */
export type TraceCaller = 'unknown' | 'client' | 'router';

/** What `startTracing` gives to this module. */
interface Tracing {
  readonly tracer: Tracer;
  /** Reads a `traceparent`. @returns null for what is none */
  readonly parse: (traceparent: string) => SpanContext | null;
  /** Whose flag decides whether the trace is sampled. */
  readonly believes: ReadonlySet<TraceCaller>;
  /** Decides for the others. It does not look at their trace id: they could choose one that a ratio samples. */
  readonly draw: () => boolean;
}

/** Undefined while nothing is traced. Then every function here returns at once. */
let tracing: Tracing | undefined;

/** The span around what runs now: that of a request, once its trace has begun, or one within it. Only sampled traces have spans. */
const activeSpans = new AsyncLocalStorage<{ readonly span: Span | undefined } | undefined>();

/** Traces from now on, or no longer. Only `startTracing` calls it. */
export const setTracing = (next: Tracing | undefined): void => void (tracing = next);

export const isTracing = (): boolean => tracing !== undefined;

/** The trace of one request. It begins when the sender is known: nobody else can make us record. Before that nothing is traced. */
export interface RequestTrace {
  /** For the calls that the request makes: its place in the trace, also of a trace that is not sampled. Undefined until it begins. */
  readonly traceparent: string | undefined;
  /** Undefined until the trace begins, and for a trace that is not sampled. */
  readonly span: Span | undefined;
  /** Begins the trace. Only the first call counts. */
  begin(caller: TraceCaller): void;
}

/**
 * Prepares the trace of a request: the one that `traceparent` names, or a new one. A `tracestate` and a `baggage` are not read: they
 * are text of a client.
 *
 * @param request its name, never text of a client; the part of the system that answers it; when it arrived, by `performance.now()`
 * @returns undefined while nothing is traced
 */
export function openTrace(
  request: { readonly name: string; readonly service: string; readonly startedAt: number },
  traceparent: unknown,
): RequestTrace | undefined {
  return tracing && new OpenedTrace(tracing, request, traceparent);
}

class OpenedTrace implements RequestTrace {
  traceparent: string | undefined;
  span: Span | undefined;
  readonly #tracing: Tracing;
  readonly #request: Parameters<typeof openTrace>[0];
  readonly #sent: unknown;

  constructor(tracing: Tracing, request: Parameters<typeof openTrace>[0], sent: unknown) {
    this.#tracing = tracing;
    this.#request = request;
    this.#sent = sent;
  }

  begin(caller: TraceCaller): void {
    if (this.traceparent !== undefined) return;
    const { name, service, startedAt: startTime } = this.#request;
    const context = this.#contextOf(caller);
    const span = this.#tracing.tracer.startSpan(name, { kind: SpanKind.SERVER, startTime }, context);
    this.traceparent = traceparentOf(span);
    if (!span.isRecording()) return;
    this.span = span.setAttribute('pessoa.service', service);
  }

  #contextOf(caller: TraceCaller): Context {
    const { parse, believes, draw } = this.#tracing;
    const parent = typeof this.#sent === 'string' ? parse(this.#sent) : null;
    if (!parent) return ROOT_CONTEXT;
    const isSampled = believes.has(caller) ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : draw();
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceFlags, isRemote: true });
  }
}

/** From here on, what runs in this asynchronous context belongs to this request, or to none. */
export function enterTrace(request: RequestTrace | undefined): void {
  if (tracing) activeSpans.enterWith(request);
}

/** Runs work within a span, or within none. */
export const withSpan = <T>(span: Span | undefined, work: () => T): T =>
  tracing ? activeSpans.run(span && { span }, work) : work();

export const activeSpan = (): Span | undefined => (tracing ? activeSpans.getStore()?.span : undefined);

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

/**
 * Ends a span.
 *
 * @param code why it failed: a code, never the text of an error, which may have values
 * @param endedAt by `performance.now()`, of a span that was begun with such a time. Default: now
 */
export function endSpan(span: Span, code?: string, endedAt?: number): void {
  if (code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.end(endedAt);
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
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`;
}

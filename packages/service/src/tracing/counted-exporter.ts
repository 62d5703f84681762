import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { codeOfError } from './tracing.ts';

/** Spans of this process that the collector took, and that it did not take. */
export const spanCounts = { sent: 0, lost: 0 };

/** What is said of spans that were lost since it was said last. No text of an error: it may have an answer of the collector. */
export interface LostSpans {
  readonly spans: number;
  /** The status of HTTP, a code of the system, or the name of the error. */
  readonly codigo: string;
}

export type OnLostSpans = (lost: LostSpans) => void;

/** A collector that is down for a day is not worth a line for each export. */
const SAY_EVERY_MILLIS = 300_000;

/** `ExportResultCode.SUCCESS`: its package is only loaded when something is traced. */
const SUCCESS = 0;

/**
 * Counts what an exporter sends and loses. A loss is no error for anybody else: spans are dropped, and requests go on.
 *
 * @param onLost called at the first loss, and then at most every five minutes
 */
export function countedExporter(exporter: SpanExporter, onLost: OnLostSpans): SpanExporter {
  let saidAt = -Infinity;
  let unsaid = 0;

  function lose(spans: number, error: Error | undefined): void {
    spanCounts.lost += spans;
    unsaid += spans;
    if (performance.now() - saidAt < SAY_EVERY_MILLIS) return;
    saidAt = performance.now();
    onLost({ spans: unsaid, codigo: failureCode(error) });
    unsaid = 0;
  }

  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code === SUCCESS) spanCounts.sent += spans.length;
        else lose(spans.length, result.error);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    async forceFlush() {
      await exporter.forceFlush?.();
    },
  };
}

function failureCode(error: (Error & { readonly code?: unknown }) | undefined): string {
  return typeof error?.code === 'number' ? String(error.code) : codeOfError(error);
}

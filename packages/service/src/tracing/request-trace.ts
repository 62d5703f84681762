import type { RequestFacts } from '../http/request-facts.ts';
import { maskSecrets } from '../logging/logger.ts';
import { endSpan } from './tracing.ts';

/** Ends the span of a request. @param status undefined for a client that left before its answer */
export function endTrace(facts: RequestFacts, route: string, status: number | undefined): void {
  const span = facts.trace?.span;
  if (!span) return;
  const { interactionId, operation, way, code } = facts;
  span.setAttribute('http.route', route);
  span.setAttribute('pessoa.interacao', interactionId);
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (operation !== undefined) span.setAttribute('pessoa.operacao', maskSecrets(operation));
  if (way !== undefined) span.setAttribute('pessoa.way', way);
  endSpan(span, code ?? (status === undefined ? 'gone' : undefined), performance.now());
}

import type { RestOperation } from '@pessoa/rest/answer';
import type { FormattedExecutionResult } from 'graphql';
import type { Graph } from './graph.ts';
import type { RequestContext } from './request-context.ts';

export interface OperationResult {
  /** What the plugins of the graph set for the answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormattedExecutionResult;
}

/** Runs an operation whose document is ours or the operator's: the short way where it is known, else by Apollo Server. */
export async function runOperation<Context extends RequestContext>(
  graph: Graph<Context>,
  operation: RestOperation,
  contextValue: Context,
): Promise<OperationResult> {
  const known = await graph.answerKnown?.(operation, contextValue, false);
  if (known) return { headers: Object.fromEntries(known.headers ?? []), body: known.body };
  const asked = graph.toRequest?.(operation) ?? operation;
  const { body, http } = await graph.server.executeOperation(asked, { contextValue });
  if (body.kind !== 'single') throw new Error('incremental delivery is not part of this graph');
  return { headers: Object.fromEntries(http.headers), body: body.singleResult };
}

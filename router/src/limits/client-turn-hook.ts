import { viewerOfRequest } from '@pessoa/service/http/authenticate-first';
import type { ClientLimits } from '@pessoa/service/limits/client-limits';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import type { preHandlerAsyncHookHandler } from 'fastify';
import { Counter, Gauge } from 'prom-client';
import { ClientTurns } from './client-turns.ts';

/** A hook for routes about people: it waits for the turn of the request among those of its client (`ClientTurns`). */
export function clientTurnHook({ quotas }: ClientLimits, metrics: Metrics): preHandlerAsyncHookHandler {
  const registers = [metrics];
  const refusals = new Counter({
    name: 'pessoa_turns_refused_total',
    help: 'Requests refused because too many of their client waited, or too long.',
    registers,
  });
  const turns = new ClientTurns({ costPerMinute: quotas.cost, onRefusal: () => refusals.inc() });
  new Gauge({
    name: 'pessoa_turns_waiting',
    help: 'Requests that wait for the turn of their client.',
    registers,
    collect() {
      this.set(turns.waiting);
    },
  });
  return async (request, reply) => {
    const { clientId } = viewerOfRequest(request);
    const turn = await turns.enter(clientId).catch((refusal: unknown) => {
      request.facts.retryAfterSeconds = turns.pauseSeconds(clientId);
      throw refusal;
    });
    if (reply.raw.destroyed) {
      // The client left while its request waited. Nothing has begun, and nobody gets an answer.
      turn.end();
      return reply.hijack();
    }
    request.facts.turn = turn;
    // A request that calls no subgraph ends its turn with its answer, or when its client is gone.
    reply.raw.once('close', () => {
      request.facts.onGone?.();
      turn.end();
    });
    return undefined;
  };
}

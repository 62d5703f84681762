import type { FastifyInstance } from 'fastify';
import type { SourceState } from '../resilience/breaker.ts';
import { onceASecond } from './once-a-second.ts';

export interface HealthOptions {
  /** True once everything the process needs has answered for the first time; asked until then, at most once a second. */
  readonly isReady: () => Promise<boolean>;
  readonly isDraining: () => boolean;
  /** Each source by its public name. What asks another process for it must bound how often it does: `onceASecond`. */
  readonly sources: () => Promise<Record<string, SourceState>>;
}

/**
 * `/health/live` says that the process runs; `/health/ready` whether to send it requests. Ready means: it has had
 * everything once. A source lost later costs only its own fields, so it is named in the body and the status stays 200.
 */
export function mountHealth(app: FastifyInstance, { isReady, isDraining, sources }: HealthOptions): void {
  let wasReady = false;
  const askReady = onceASecond(isReady);
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    wasReady ||= await askReady();
    const ready = wasReady && !isDraining();
    const status = isDraining() ? 'encerrando' : ready ? 'ok' : 'iniciando';
    return reply.code(ready ? 200 : 503).send({ status, fontes: await sources() });
  });
}

import type { FastifyInstance } from 'fastify';
import type { SourceState } from '../resilience/breaker.ts';

export interface HealthOptions {
  /** True once everything the process needs has answered for the first time; asked until then. */
  readonly isReady: () => Promise<boolean>;
  readonly isDraining: () => boolean;
  /** Each source by its public name, as it is now. */
  readonly sources: () => Promise<Record<string, SourceState>>;
}

/**
 * `/health/live` says that the process runs; `/health/ready` whether to send it requests. Ready means: it has had
 * everything once. A source lost later costs only its own fields, so it is named in the body and the status stays 200.
 */
export function mountHealth(app: FastifyInstance, { isReady, isDraining, sources }: HealthOptions): void {
  let wasReady = false;
  app.get('/health/live', { exposeHeadRoute: false }, async () => ({ status: 'ok' }));
  app.get('/health/ready', { exposeHeadRoute: false }, async (_request, reply) => {
    wasReady ||= await isReady();
    const ready = wasReady && !isDraining();
    const status = isDraining() ? 'encerrando' : ready ? 'ok' : 'iniciando';
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, fontes: await sources() });
  });
}

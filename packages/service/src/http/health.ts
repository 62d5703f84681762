import type { FastifyInstance } from 'fastify';
import type { SourceState } from '../resilience/breaker.ts';
import { askOncePerSecond } from './ask-once-per-second.ts';

export interface HealthOptions {
  /** Whether everything that the process needs has answered. It is called at most once a second, until it is true. */
  readonly isReady: () => Promise<boolean>;
  readonly isDraining: () => boolean;
  /** The state of each source by its public name. A state that needs a call must be limited by `askOncePerSecond`. */
  readonly sources: () => Promise<Record<string, SourceState>>;
  /** The state of each issuer's keys by its name. Default: the process takes no tokens. */
  readonly keys?: () => Record<string, SourceState>;
}

/**
 * Mounts `/health/live`, which says that the process runs, and `/health/ready`, which says whether to send it requests.
 * Ready: everything it needs has answered at least once. A source that is lost later costs only its own fields, and an issuer
 * without keys only its own tokens, so the body names them and the status stays 200.
 */
export function mountHealth(app: FastifyInstance, { isReady, isDraining, sources, keys }: HealthOptions): void {
  let wasReady = false;
  const askReady = askOncePerSecond(isReady);
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    wasReady ||= await askReady();
    const ready = wasReady && !isDraining();
    const status = isDraining() ? 'encerrando' : ready ? 'ok' : 'iniciando';
    return reply.code(ready ? 200 : 503).send({ status, fontes: await sources(), ...(keys && { chaves: keys() }) });
  });
}

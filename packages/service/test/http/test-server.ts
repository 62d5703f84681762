import type { AddressInfo } from 'node:net';
import { PublicError, type publicErrors } from '@pessoa/domain/errors';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { rawExchange } from '@pessoa/testkit/raw-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHttpService, type HttpService, type HttpServiceOptions } from '../../src/http/http-service.ts';
import { checkHeaders } from '../../src/http/request-faults.ts';

export interface TestServer extends HttpService {
  readonly port: number;
  /** All lines logged so far, parsed. */
  logged(): Record<string, unknown>[];
  /** The number of requests that have reached a route. */
  reached(): number;
  /** Writes bytes to a new connection and resolves with everything received until it closes. */
  raw(...parts: (string | Buffer)[]): Promise<string>;
  close(): Promise<void>;
}

/** Starts the HTTP server of every process, with simple routes and the routes of a test. */
export async function serve(
  options: Omit<HttpServiceOptions, 'logger'> = {},
  addRoutes: (app: FastifyInstance) => void = () => {},
): Promise<TestServer> {
  const { logger, lines } = testLog();
  const http = createHttpService({ logger, ...options });
  let reached = 0;
  const reach = async ({ body, query }: { body: unknown; query: unknown }) => {
    reached++;
    return { body, query };
  };
  const rest = {
    config: { door: 'rest' as const },
    onRequest: async (request: FastifyRequest) => checkHeaders(request),
  };
  http.app.get('/divida/:cpf', rest, reach);
  http.app.get('/evento/movtofinanceiro/:cpf', rest, reach);
  http.app.route({ method: ['GET', 'POST'], url: '/graphql', ...rest, config: { door: 'graphql' }, handler: reach });
  http.app.get('/health/live', async () => ({ status: 'ok' }));
  http.app.get('/broken', async () => {
    throw new Error('no person 529.982.247-25');
  });
  http.app.get('/refused', async ({ query }) => {
    throw new PublicError((query as { code: keyof typeof publicErrors }).code);
  });
  addRoutes(http.app);
  await http.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = http.app.server.address() as AddressInfo;
  return {
    ...http,
    port,
    logged: () => lines().map((line) => JSON.parse(line) as Record<string, unknown>),
    reached: () => reached,
    raw: (...parts) => rawExchange(port, parts),
    close: () => http.app.close(),
  };
}

import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** The REST contract, generated from the same definitions as the routes. */
export function mountDocuments(app: FastifyInstance): void {
  const openApi = readFileSync(new URL('../../schema/openapi.json', import.meta.url), 'utf8');
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(openApi));
}

import { readdirSync, readFileSync } from 'node:fs';
import { PublicError } from '@pessoa/domain/errors';
import type { FastifyInstance } from 'fastify';

const folder = new URL('../../../../schema/models/', import.meta.url);

/**
 * Serves the card of each version of the score model: `GET /modelo/{versao}`, without a token, because it is about the model and
 * about nobody. The files are generated (`npm run docs:generate`).
 */
export function mountModelCards(app: FastifyInstance): void {
  const cards = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => [name.slice(0, -'.json'.length), readFileSync(new URL(name, folder), 'utf8')]),
  );
  const versions = [...cards.keys()].map((version) => `\`${version}\``).join(', ');
  app.get<{ Params: { versao: string } }>('/modelo/:versao', { config: { door: 'rest' } }, async (request, reply) => {
    const card = cards.get(request.params.versao);
    if (card === undefined)
      throw new PublicError('RECURSO_DESCONHECIDO', { detail: `The versions of the model are ${versions}.` });
    return reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(card);
  });
}

import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';

const require = createRequire(import.meta.url);

/** The version of an installed package. */
export const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/**
 * Serves content that changes only with the version in its path, so browsers keep it for good.
 *
 * @param content is called at each request: a browser asks once, and megabytes should not wait in memory for it
 */
export function mountPackageAsset(
  app: FastifyInstance,
  path: string,
  type: 'text/css' | 'text/javascript',
  content: () => Promise<string>,
): void {
  app.get(path, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .type(`${type}; charset=utf-8`)
      .send(await content()),
  );
}

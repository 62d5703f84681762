import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';

const require = createRequire(import.meta.url);

/** The version of an installed package. */
export const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/**
 * Serves a file of a package. Browsers cache it for a year, so its path must contain the version.
 *
 * @param content is called at each request. A browser sends one, so the router does not keep megabytes in memory.
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

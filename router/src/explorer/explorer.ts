import type { FastifyInstance } from 'fastify';
import type { DeveloperPages } from './developer-page.ts';
import { mountGraphiql } from './graphiql-page.ts';
import { mountSandbox } from './sandbox-page.ts';
import { mountStartPage } from './start-page.ts';

export interface ExplorerOptions {
  /** The folder with the development keys. Undefined outside development: the pages then have no token. */
  readonly home: string | undefined;
  /** The person of the example query. The token of the pages carries this person's consent. */
  readonly exampleCpf: string | undefined;
}

/**
 * Mounts the pages for developers: the start page at `/`, Apollo Sandbox at `/sandbox`, and GraphiQL at `/explorador`.
 */
export async function mountExplorer(
  app: FastifyInstance,
  { home, ...pages }: ExplorerOptions & DeveloperPages,
): Promise<void> {
  await mountStartPage(app, { home, ...pages });
  mountSandbox(app, pages);
  mountGraphiql(app, pages);
}

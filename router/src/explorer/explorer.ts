import type { FastifyInstance } from 'fastify';
import type { DeveloperPages } from './developer-page.ts';
import { mountGraphiql } from './graphiql-page.ts';
import { mountSandbox } from './sandbox-page.ts';
import { mountStartPage } from './start-page.ts';

export interface ExplorerOptions {
  /** The folder with the development keys; absent outside development: then the pages bring no token. */
  readonly home: string | undefined;
  /** Whom the example asks for; the pages' token carries this person's consent. */
  readonly exampleCpf: string | undefined;
}

/** The pages for developers: the start page at `/`, Apollo Sandbox, and at `/explorador` one that needs no other host. */
export async function mountExplorer(
  app: FastifyInstance,
  { home, ...pages }: ExplorerOptions & DeveloperPages,
): Promise<void> {
  await mountStartPage(app, { home, ...pages });
  mountSandbox(app, pages);
  mountGraphiql(app, pages);
}

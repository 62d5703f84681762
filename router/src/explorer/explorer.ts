import type { FastifyInstance } from 'fastify';
import { graphiqlPage, mountGraphiqlAssets } from './graphiql-page.ts';
import { mountPage, mountPageAssets } from './page.ts';
import { allowSandboxOrigins } from './sandbox-cors.ts';
import { mountSandboxAssets, sandboxPage } from './sandbox-page.ts';
import { sessionOpener } from './session.ts';

export interface ExplorerOptions {
  /** The folder with the development keys; absent outside development: then the pages bring no token. */
  readonly home: string | undefined;
  /** Whom the example asks for; the pages' token carries this person's consent. */
  readonly exampleCpf: string | undefined;
}

/** The pages for developers: Apollo Sandbox at `/`, and at `/explorador` one that needs no other host. */
export async function mountExplorer(app: FastifyInstance, { home, exampleCpf }: ExplorerOptions): Promise<void> {
  const openSession = await sessionOpener(home, exampleCpf);
  mountPageAssets(app);
  mountSandboxAssets(app);
  mountGraphiqlAssets(app);
  mountPage(app, sandboxPage, openSession);
  mountPage(app, graphiqlPage, openSession);
  if (home !== undefined) allowSandboxOrigins(app);
}

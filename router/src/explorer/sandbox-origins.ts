import type { ExplorerOptions } from './explorer.ts';
import { SANDBOX_EMBED_ORIGIN } from './sandbox-page.ts';

/**
 * The Sandbox at `/sandbox` sends nothing by itself: its frame hands each request to our page, which sends it from our
 * own origin (`handleRequest` of @apollo/sandbox), and that needs no CORS. Sandbox opened on Apollo's own site, with this
 * router as its endpoint, does: in development these origins may read the answers.
 */
export const sandboxOrigins = (explorer: ExplorerOptions | undefined): readonly string[] =>
  explorer?.home === undefined ? [] : ['https://studio.apollographql.com', SANDBOX_EMBED_ORIGIN];

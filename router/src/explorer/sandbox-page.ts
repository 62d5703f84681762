import type { FastifyInstance } from 'fastify';
import { mountPackageAsset, versionOf } from '../pages/package-asset.ts';
import { mountOwnAsset, type Page } from '../pages/page.ts';
import { type DeveloperPages, mountDeveloperPage } from './developer-page.ts';
import type { ExplorerOptions } from './explorer.ts';
import { linkCommonJs } from './link-commonjs.ts';

/** The origin from which @apollo/sandbox loads the frame that it mounts in the page. */
export const SANDBOX_EMBED_ORIGIN = 'https://sandbox.embed.apollographql.com';

const PACKAGE = '@apollo/sandbox';
const OWN_SCRIPT = '/explorador/sandbox.js';
const SCRIPT = `/explorador/assets/sandbox-${versionOf(PACKAGE)}/sandbox.js`;

/** Apollo Sandbox. The router serves its script; Apollo serves the frame that the script mounts. */
const page: Page = {
  title: 'Apollo Sandbox · Pessoa',
  body: `<h1 class="visually-hidden">Apollo Sandbox</h1>
<p id="loading" class="state" role="status">Carregando o Apollo Sandbox, que vem de ${new URL(SANDBOX_EMBED_ORIGIN).host}…</p>
<p id="unreachable" class="state" role="alert" hidden>O host da Apollo não responde, e o Sandbox vem dele. Use o <a href="/explorador">explorador sem internet</a>: ele não precisa de outro host.</p>
<noscript><p class="state">O Sandbox precisa de JavaScript.</p></noscript>
<div id="sandbox" class="fills" hidden></div>`,
  fillsWindow: true,
  scripts: [SCRIPT, OWN_SCRIPT],
  policy: { 'frame-src': SANDBOX_EMBED_ORIGIN },
  data: { embedOrigin: SANDBOX_EMBED_ORIGIN },
};

export function mountSandbox(app: FastifyInstance, pages: DeveloperPages): void {
  mountDeveloperPage(app, '/sandbox', pages, page);
  mountOwnAsset(app, OWN_SCRIPT, new URL('./browser/sandbox.js', import.meta.url));
  mountPackageAsset(app, SCRIPT, 'text/javascript', async () =>
    linkCommonJs(`${PACKAGE}/index.production.min.cjs`, 'ApolloSandboxModule'),
  );
  // Without an answer, the script loads Apollo's icon from Apollo's host.
  app.get('/favicon.ico', async (_request, reply) => reply.code(204).send());
}

/**
 * The origins that may read the answers of `/graphql` in development. The Sandbox at `/sandbox` does not need them: its
 * frame hands each request to our page (`handleRequest`), and our page sends it from our own origin. Sandbox on
 * Apollo's own site needs them, with this router as its endpoint.
 */
export const sandboxOrigins = (explorer: ExplorerOptions | undefined): readonly string[] =>
  explorer?.home === undefined ? [] : ['https://studio.apollographql.com', SANDBOX_EMBED_ORIGIN];

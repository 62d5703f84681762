import type { FastifyInstance } from 'fastify';
import { linkCommonJs } from './link-commonjs.ts';
import { mountPackageAsset, versionOf } from './package-asset.ts';
import type { Page } from './page.ts';

/** Whence @apollo/sandbox loads the frame that it mounts in the page. */
export const SANDBOX_EMBED_ORIGIN = 'https://sandbox.embed.apollographql.com';

const PACKAGE = '@apollo/sandbox';
const SCRIPT = `/explorador/assets/sandbox-${versionOf(PACKAGE)}/sandbox.js`;

/** Apollo Sandbox: its script is served by us, the frame that the script mounts by Apollo. */
export const sandboxPage: Page = {
  path: '/',
  title: 'Pessoa',
  body: `<p id="unreachable" role="alert" hidden>Apollo's host does not answer. Use the <a href="/explorador">offline explorer</a>: it needs no other host.</p>
<main id="sandbox"></main>`,
  styles: [],
  scripts: [SCRIPT, '/explorador/sandbox.js'],
  policy: { 'frame-src': SANDBOX_EMBED_ORIGIN },
  data: { embedOrigin: SANDBOX_EMBED_ORIGIN },
};

export function mountSandboxAssets(app: FastifyInstance): void {
  mountPackageAsset(app, SCRIPT, 'text/javascript', async () =>
    linkCommonJs(`${PACKAGE}/index.production.min.cjs`, 'ApolloSandboxModule'),
  );
  // The script asks for it, and takes Apollo's from Apollo's host when there is none.
  app.get('/favicon.ico', { exposeHeadRoute: false }, async (_request, reply) => reply.code(204).send());
}

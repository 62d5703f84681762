import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mountPackageAsset, versionOf } from './package-asset.ts';
import { mountOwnAsset, type PageLink, sendPage } from './page.ts';

const require = createRequire(import.meta.url);
const PACKAGE = 'swagger-ui-dist';
const ASSETS = `/paginas/assets/${PACKAGE}-${versionOf(PACKAGE)}`;
const files = [
  ['swagger-ui-bundle.js', require.resolve('swagger-ui-dist/swagger-ui-bundle.js'), 'text/javascript'],
  ['swagger-ui.css', require.resolve('swagger-ui-dist/swagger-ui.css'), 'text/css'],
] as const;

/**
 * The REST contract to read and try, by Swagger UI, served whole by ourselves: it works without any other host.
 *
 * @param authorize a bearer token for this load, or '' where the page brings none
 */
export function mountReference(
  app: FastifyInstance,
  links: readonly PageLink[],
  authorize: (request: FastifyRequest) => Promise<string>,
): void {
  for (const [name, file, type] of files) {
    mountPackageAsset(app, `${ASSETS}/${name}`, type, () => readFile(file, 'utf8'));
  }
  mountOwnAsset(app, '/paginas/referencia.js', new URL('./browser/referencia.js', import.meta.url));

  app.get('/referencia', async (request, reply) => {
    const authorization = await authorize(request);
    return sendPage(
      reply,
      {
        title: 'Referência REST · Pessoa',
        notice:
          authorization === ''
            ? 'Esta página não traz token: ponha o seu em <b>Authorize</b>.'
            : 'Os pedidos desta página levam um token de desenvolvimento feito neste carregamento.',
        body: `<h1 class="visually-hidden">Referência REST</h1><div id="referencia"></div>
<noscript><p class="prose">Esta página precisa de JavaScript. O contrato está em <a href="/openapi.json">/openapi.json</a>.</p></noscript>`,
        styles: [`${ASSETS}/swagger-ui.css`],
        scripts: [`${ASSETS}/swagger-ui-bundle.js`, '/paginas/referencia.js'],
        data: { authorization },
      },
      links,
    );
  });
}

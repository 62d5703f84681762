import { readFileSync } from 'node:fs';
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
 * Serves the OpenAPI document, and a page of Swagger UI to read and try it. The router serves all files of the page, so
 * that it works without any other host.
 *
 * @param authorize gives the bearer token for one load of the page, or '' for none
 */
export function mountReference(
  app: FastifyInstance,
  links: readonly PageLink[],
  authorize: (request: FastifyRequest) => Promise<string>,
): void {
  const openApi = readFileSync(new URL('../../../schema/openapi.json', import.meta.url), 'utf8');
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(openApi));
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

import type { FastifyInstance } from 'fastify';
import { mountPackageAsset, versionOf } from '../pages/package-asset.ts';
import { mountOwnAsset, type Page } from '../pages/page.ts';
import { type DeveloperPages, mountDeveloperPage } from './developer-page.ts';

const PACKAGE = '@graphql-yoga/render-graphiql';
const SCRIPT = '/explorador/explorador.js';
const ASSETS = `/explorador/assets/graphiql-${versionOf(PACKAGE)}`;

/** The files of the page, by the names of the package's exports. */
const files = {
  js: ['graphiql.js', 'text/javascript'],
  css: ['graphiql.css', 'text/css'],
  editorWorkerService: ['editor-worker.js', 'text/javascript'],
  jsonWorker: ['json-worker.js', 'text/javascript'],
  graphqlWorker: ['graphql-worker.js', 'text/javascript'],
} as const;

const pathOf = (name: keyof typeof files): string => `${ASSETS}/${files[name][0]}`;

/** GraphiQL. The router serves all of its files, so that it works without any other host. */
const page: Page = {
  title: 'Explorador · Pessoa',
  body: '<h1 class="visually-hidden">Explorador do grafo</h1><div id="graphiql" class="fills"></div>',
  fillsWindow: true,
  styles: [pathOf('css')],
  scripts: [pathOf('js'), SCRIPT],
  policy: {
    'style-src': "'self' 'unsafe-inline'", // its code editor creates style elements
    'font-src': 'data:',
    'worker-src': "'self'",
  },
  data: {
    workers: {
      editorWorkerService: pathOf('editorWorkerService'),
      json: pathOf('jsonWorker'),
      graphql: pathOf('graphqlWorker'),
    },
  },
};

export function mountGraphiql(app: FastifyInstance, pages: DeveloperPages): void {
  mountDeveloperPage(app, '/explorador', pages, page);
  mountOwnAsset(app, SCRIPT, new URL('./browser/explorador.js', import.meta.url));
  for (const name of Object.keys(files) as (keyof typeof files)[]) {
    // 9 MB, so the import waits for the first request.
    const content = async (): Promise<string> => (await import('@graphql-yoga/render-graphiql/graphiql'))[name];
    mountPackageAsset(app, pathOf(name), files[name][1], content);
  }
}

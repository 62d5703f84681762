import type { FastifyInstance } from 'fastify';
import { mountPackageAsset, versionOf } from './package-asset.ts';
import type { Page } from './page.ts';

const PACKAGE = '@graphql-yoga/render-graphiql';
const ASSETS = `/explorador/assets/graphiql-${versionOf(PACKAGE)}`;

/** Everything the page needs, by the name under which the package exports it. */
const files = {
  js: ['graphiql.js', 'text/javascript'],
  css: ['graphiql.css', 'text/css'],
  editorWorkerService: ['editor-worker.js', 'text/javascript'],
  jsonWorker: ['json-worker.js', 'text/javascript'],
  graphqlWorker: ['graphql-worker.js', 'text/javascript'],
} as const;

const pathOf = (name: keyof typeof files): string => `${ASSETS}/${files[name][0]}`;

/** GraphiQL, served whole by ourselves: it works without any other host. */
export const graphiqlPage: Page = {
  path: '/explorador',
  title: 'Pessoa: offline explorer',
  body: '<main id="graphiql"></main>',
  styles: [pathOf('css')],
  scripts: [pathOf('js'), '/explorador/explorador.js'],
  policy: {
    'style-src': "'self' 'unsafe-inline'", // its code editor writes style elements as it runs
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

export function mountGraphiqlAssets(app: FastifyInstance): void {
  for (const name of Object.keys(files) as (keyof typeof files)[]) {
    // 9 MB of text: loaded when somebody first opens the page.
    const content = async (): Promise<string> => (await import('@graphql-yoga/render-graphiql/graphiql'))[name];
    mountPackageAsset(app, pathOf(name), files[name][1], content);
  }
}

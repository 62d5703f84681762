import type { FastifyInstance } from 'fastify';
import { isLocalRequest } from '../explorer/local-request.ts';
import { type ExplorerOptions, mountExplorer } from '../explorer/explorer.ts';
import { createSessionOpener } from '../explorer/session.ts';
import { mountErrorAddresses } from './error-addresses.ts';
import { developerLinks, mountOwnAsset, publicLinks } from './page.ts';
import { mountReference } from './reference-page.ts';

/**
 * Mounts the pages for people. Every router serves the reference and the errors. Only a router with `explorer` serves
 * the start page, Sandbox and the explorer.
 */
export async function mountPages(app: FastifyInstance, explorer: ExplorerOptions | undefined): Promise<void> {
  const links = explorer ? developerLinks : publicLinks;
  const openSession = await createSessionOpener(explorer?.home, explorer?.exampleCpf);
  mountOwnAsset(app, '/paginas/page.css', new URL('./browser/page.css', import.meta.url));
  mountErrorAddresses(app, links);
  mountReference(
    app,
    links,
    async (request) => (await openSession(isLocalRequest(request) ? request.hostname : '')).authorization,
  );
  if (explorer) await mountExplorer(app, { ...explorer, openSession, links });
}

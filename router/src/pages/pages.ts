import type { FastifyInstance } from 'fastify';
import { isLocalRequest } from '../explorer/local-request.ts';
import { type ExplorerOptions, mountExplorer } from '../explorer/explorer.ts';
import { createSessionOpener } from '../explorer/session.ts';
import { mountErrorAddresses } from './error-addresses.ts';
import { developerLinks, mountOwnAsset, type PageLink, personLinks, publicLinks } from './page.ts';
import { mountReference } from './reference-page.ts';

/**
 * Mounts the pages for people. Every router serves the reference and the errors. Only a router with `explorer` serves
 * the start page, Sandbox and the explorer.
 *
 * @param options.hasPersonPage whether the router serves the person's page, to which the others then link
 * @returns the links of every page
 */
export async function mountPages(
  app: FastifyInstance,
  explorer: ExplorerOptions | undefined,
  { hasPersonPage = false } = {},
): Promise<readonly PageLink[]> {
  const links = [...(hasPersonPage ? personLinks : []), ...(explorer ? developerLinks : publicLinks)];
  const openSession = await createSessionOpener(explorer?.home, explorer?.exampleCpf);
  mountOwnAsset(app, '/paginas/page.css', new URL('./browser/page.css', import.meta.url));
  mountErrorAddresses(app, links);
  mountReference(
    app,
    links,
    async (request) => (await openSession(isLocalRequest(request) ? request.hostname : '')).authorization,
  );
  if (explorer) await mountExplorer(app, { ...explorer, openSession, links });
  return links;
}

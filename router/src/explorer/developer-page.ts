import type { FastifyInstance } from 'fastify';
import { type Page, type PageLink, sendPage } from '../pages/page.ts';
import { isLocalRequest } from './local-request.ts';
import type { OpenSession } from './session.ts';

/** What all pages for developers need. */
export interface DeveloperPages {
  readonly openSession: OpenSession;
  readonly links: readonly PageLink[];
}

const WITH_TOKEN =
  'Os pedidos desta página levam um token de desenvolvimento feito neste carregamento, válido por 12 horas. Um cabeçalho <code>authorization</code> seu o substitui.';
const WITHOUT_TOKEN =
  'Esta página não traz token. Ponha o seu em Headers: <code>{ "authorization": "Bearer …" }</code>.';

/** Serves a page with a new session at each load. Scripts read the session from the data of the page. */
export function mountDeveloperPage(
  app: FastifyInstance,
  path: string,
  { openSession, links }: DeveloperPages,
  page: Page,
): void {
  app.get(path, async (request, reply) => {
    const session = await openSession(isLocalRequest(request) ? request.hostname : '');
    const notice = session.authorization === '' ? WITHOUT_TOKEN : WITH_TOKEN;
    return sendPage(reply, { ...page, notice, data: { ...page.data, ...session } }, links);
  });
}

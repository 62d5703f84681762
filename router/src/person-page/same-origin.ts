import { isIP } from 'node:net';
import { PublicError } from '@pessoa/domain/errors';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';

/** The header that the page's own scripts send. A page of another site cannot set it without a preflight, which is refused. */
export const PAGE_HEADER = 'x-pessoa-pagina';

/**
 * Whether a host means this machine. DNS rebinding: a site on the internet may point its own name to this machine, and then read the
 * page as its own. So only an address, or a name that always means this machine, is taken for local.
 */
export const isLocalHost = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || isIP(host.replace(/^\[|\]$/g, '')) !== 0;

/** The origin of the page as this request sees it; undefined when a request of the page cannot have come to this host. */
export type OriginOf = (request: FastifyRequest) => string | undefined;

/** In development the page has no configured origin: it is the host of the request, if that is this machine. */
export const localOrigin: OriginOf = ({ host, hostname }) => (isLocalHost(hostname) ? `http://${host}` : undefined);

/**
 * A hook that refuses a request which a page of another site may have caused. A browser sends `Origin` with every POST, and
 * `Sec-Fetch-Site` with every request; the header of our scripts must be there too.
 */
export const sameOriginOnly =
  (originOf: OriginOf): onRequestHookHandler =>
  (request, _reply, done) => {
    const { headers } = request;
    const site = headers['sec-fetch-site'];
    const origin = originOf(request);
    const isOurs =
      origin !== undefined &&
      headers.origin === origin &&
      headers[PAGE_HEADER] === '1' &&
      (site === undefined || site === 'same-origin');
    done(isOurs ? undefined : new PublicError('BAD_USER_INPUT', { detail: 'The request does not come from this page (CSRF).' })); // prettier-ignore
  };

import { PublicError } from '@pessoa/domain/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TokenVerifier } from 'graphql-jwt-guard';
import { CALLBACK_PATH, type OidcSignIn, type PendingSignIn, type SignedIn } from './oidc-sign-in.ts';
import type { PageSessions } from './page-session.ts';
import { CookieTooLargeError, sealedCookies } from './sealed-cookies.ts';
import { type OriginOf, sameOriginOnly } from './same-origin.ts';

/** Seconds that a user has for the issuer's pages. */
const PENDING_SECONDS = 600;

export interface SignInOptions {
  readonly sessions: PageSessions;
  readonly verifier: Pick<TokenVerifier<object>, 'verify'>;
  readonly originOf: OriginOf;
}

/**
 * Begins a session with a token that this API accepts.
 *
 * @throws PublicError UNAUTHENTICATED when it does not, or when the token does not fit into cookies
 */
export async function beginSession(
  reply: FastifyReply,
  { token, nome }: SignedIn,
  { sessions, verifier }: SignInOptions,
): Promise<void> {
  const refuse = (cause: unknown): never => {
    reply.request.facts.motivo = (cause as Error).message;
    throw new PublicError('UNAUTHENTICATED', { detail: 'The token of the issuer cannot be used here.', cause });
  };
  await verifier.verify(`Bearer ${token}`).catch(refuse);
  await sessions.begin(reply, { token, nome }).catch((error: unknown) => {
    if (error instanceof CookieTooLargeError) refuse(error);
    throw error;
  });
}

/**
 * Mounts the sign-in at an issuer. `GET /pessoa/entrar` sends the browser to the issuer. The issuer sends it back to the page at
 * `CALLBACK_PATH` (`mountPersonPage` serves it). That request comes from another site, so it has no cookies (SameSite=Strict): the script
 * of the page posts what the issuer said, and this request has them.
 *
 * @param key seals the state of a sign-in that has begun
 */
export function mountOidcSignIn(
  app: FastifyInstance,
  { signIn, key, isSecure, ...options }: SignInOptions & { signIn: OidcSignIn; key: Uint8Array; isSecure: boolean },
): void {
  const pendingCookies = sealedCookies<PendingSignIn>({
    key,
    isSecure,
    name: 'pessoa-entrada',
    maxAgeSeconds: PENDING_SECONDS,
  });

  app.get('/pessoa/entrar', async (_request, reply) => {
    const { address, pending } = await signIn.begin();
    await pendingCookies.write(reply, pending);
    return reply.redirect(address, 302);
  });

  app.post(CALLBACK_PATH, { onRequest: sameOriginOnly(options.originOf) }, async (request, reply) => {
    const query = queryIn(request);
    const pending = await pendingCookies.read(request);
    pendingCookies.clear(reply); // one answer of the issuer for each beginning
    if (!pending) throw new PublicError('UNAUTHENTICATED', { detail: 'No sign-in has begun in this browser.' });
    await beginSession(reply, await signIn.finish(query, pending), options);
    return reply.code(204).send();
  });
}

function queryIn({ body }: FastifyRequest): string {
  const query = (body as { query?: unknown } | null)?.query;
  if (typeof query !== 'string' || !query.startsWith('?') || query.length > 8_000)
    throw new PublicError('BAD_USER_INPUT', { detail: '`query` is the query of the address.' });
  return query;
}

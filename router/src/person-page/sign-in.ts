import { systemClock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InvalidTokenError, memoryProofs, type TokenVerifier } from 'graphql-jwt-guard/token';
import { CALLBACK_PATH, type OidcSignIn, type PendingSignIn, type SignedIn } from './oidc-sign-in.ts';
import { type PagePath, readDestination } from './page-paths.ts';
import { type PageSessions, verifyBearer } from './page-session.ts';
import { CookieTooLargeError, sealedCookies } from './sealed-cookies.ts';
import { type OriginOf, sameOriginOnly } from './same-origin.ts';

/** Seconds that a user has for the issuer's pages. */
const PENDING_SECONDS = 600;

/** The most sign-ins that this process ends at the same time. Each may keep a call to the issuer open for 5 s. */
export const ENDING_MAX = 32;

export interface SignInOptions {
  readonly sessions: PageSessions;
  readonly verifier: Pick<TokenVerifier<object>, 'verify'>;
  readonly originOf: OriginOf;
}

/** What the browser keeps, sealed, while its user is at the issuer. */
interface BegunSignIn extends PendingSignIn {
  /** The page that opens at the end. */
  readonly path: PagePath;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
}

/**
 * Begins a session with a token that this API accepts.
 *
 * @throws PublicError UNAUTHENTICATED when it does not, or when the token does not fit into cookies; FONTE_INDISPONIVEL when the keys of
 *   the issuer cannot be read
 */
export async function beginSession(
  reply: FastifyReply,
  { token, nome }: SignedIn,
  { sessions, verifier }: SignInOptions,
): Promise<void> {
  try {
    await verifyBearer(token, verifier);
    await sessions.begin(reply, { token, nome });
  } catch (error) {
    if (!(error instanceof InvalidTokenError || error instanceof CookieTooLargeError)) throw error;
    reply.request.facts.motivo = error.message;
    throw new PublicError('UNAUTHENTICATED', {
      detail: 'The token of the issuer cannot be used here.',
      cause: error,
    });
  }
}

/**
 * Mounts the sign-in at an issuer. `GET /pessoa/entrar` sends the browser to the issuer; `?para=lista` names the page that opens at the
 * end. The issuer sends it back to the page at `CALLBACK_PATH` (`mountPersonPage` serves it). That request comes from another site, so it
 * has no cookies (SameSite=Strict): the script of the page posts what the issuer said, and this request has them. Its answer has the
 * page to open: `{"path": …}`.
 *
 * @param key seals the state of a sign-in that has begun
 */
export function mountOidcSignIn(
  app: FastifyInstance,
  { signIn, key, isSecure, ...options }: SignInOptions & { signIn: OidcSignIn; key: Uint8Array; isSecure: boolean },
): void {
  const pendingCookies = sealedCookies<BegunSignIn>({
    key,
    isSecure,
    name: 'pessoa-entrada',
    maxAgeSeconds: PENDING_SECONDS,
  });
  const endSignIn = endOnce(signIn);

  app.get('/pessoa/entrar', async ({ query }, reply) => {
    const path = readDestination((query as { para?: unknown }).para);
    if (path === undefined) throw new PublicError('BAD_USER_INPUT', { detail: '`para` is `lista`, or is not there.' });
    const { address, pending } = await signIn.begin();
    await pendingCookies.write(reply, { ...pending, path, begunAt: systemClock.now().getTime() });
    return reply.redirect(address, 302);
  });

  app.post(CALLBACK_PATH, { onRequest: sameOriginOnly(options.originOf) }, async (request, reply) => {
    const query = queryIn(request);
    const pending = await pendingCookies.read(request);
    pendingCookies.clear(reply); // one answer of the issuer for each beginning
    if (!pending) throw new PublicError('UNAUTHENTICATED', { detail: 'No sign-in has begun in this browser.' });
    await beginSession(reply, await endSignIn(query, pending), options);
    return reply.send({ path: pending.path });
  });
}

/**
 * Ends a sign-in once in this process, and a limited number at the same time: whoever keeps a copy of the cookie, or makes many, does not
 * make this process call the issuer without limit.
 *
 * @returns a function that throws PublicError: those of `finish`, UNAUTHENTICATED for a sign-in that was used, RATE_LIMITED while too
 *   many end
 */
function endOnce(signIn: OidcSignIn): (query: string, pending: BegunSignIn) => Promise<SignedIn> {
  const used = memoryProofs(PENDING_SECONDS * 1_000, 0);
  let ending = 0;
  return async (query, pending) => {
    const { state, begunAt } = pending;
    if (ending >= ENDING_MAX)
      throw new PublicError('RATE_LIMITED', { detail: 'Too many users sign in now; try again.' });
    ending += 1;
    try {
      if (!(await used.isFirstUse(state, begunAt, systemClock.now().getTime())))
        throw new PublicError('UNAUTHENTICATED', { detail: 'This sign-in was used before: sign in again.' });
      return await signIn.finish(query, pending);
    } finally {
      ending -= 1;
    }
  };
}

function queryIn({ body }: FastifyRequest): string {
  const query = (body as { query?: unknown } | null)?.query;
  if (typeof query !== 'string' || !query.startsWith('?') || query.length > 8_000)
    throw new PublicError('BAD_USER_INPUT', { detail: '`query` is the query of the address.' });
  return query;
}

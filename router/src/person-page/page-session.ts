import { PublicError } from '@pessoa/domain/errors';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { InvalidTokenError, KeysUnavailableError, type TokenVerifier } from 'graphql-jwt-guard/token';
import { decodeJwt } from 'jose';
import { type SealedCookies, sealedCookies } from './sealed-cookies.ts';

/** What the cookie of a signed-in user holds. */
export interface PageSession {
  /** The user's own access token. It leaves this process to the subgraphs only. */
  readonly token: string;
  /** How the page calls the user. */
  readonly nome: string;
  /** The end of the token, in seconds since 1970. */
  readonly expiraEm: number;
}

/** The sessions of the users of the page. A session ends with its access token. */
export interface PageSessions {
  /** The session in force; `expired` when the token has ended; undefined without one. */
  read(request: Pick<FastifyRequest, 'headers'>): Promise<PageSession | 'expired' | undefined>;
  /** @throws CookieTooLargeError for a token above about 8 KB */
  begin(reply: FastifyReply, session: { readonly token: string; readonly nome: string }): Promise<void>;
  end(reply: FastifyReply): void;
}

export function pageSessions(
  options: { readonly key: Uint8Array; readonly isSecure: boolean },
  now: () => Date,
): PageSessions {
  const cookies: SealedCookies<PageSession> = sealedCookies({ ...options, name: 'pessoa-sessao' });
  return {
    async read(request) {
      const session = await cookies.read(request);
      if (!session) return undefined;
      return session.expiraEm * 1_000 > now().getTime() ? session : 'expired';
    },
    // The verifier has read the token before: its claims are those of the issuer.
    begin: (reply, session) => cookies.write(reply, { ...session, expiraEm: decodeJwt(session.token).exp! }),
    end: (reply) => cookies.clear(reply),
  };
}

/**
 * Checks a token that came without a proof.
 *
 * @throws InvalidTokenError when it is refused
 * @throws PublicError FONTE_INDISPONIVEL when the keys of its issuer cannot be read: that says nothing of the token
 */
export async function verifyBearer<Identity extends object>(
  token: string,
  verifier: Pick<TokenVerifier<Identity>, 'verify'>,
): Promise<Identity> {
  try {
    return await verifier.verify(`Bearer ${token}`);
  } catch (cause) {
    throw cause instanceof KeysUnavailableError ? new PublicError('FONTE_INDISPONIVEL', { cause }) : cause;
  }
}

/**
 * Who a session is of.
 *
 * @returns undefined when its token is refused now; only then the session is over
 * @throws PublicError FONTE_INDISPONIVEL when the keys of its issuer cannot be read
 */
export async function identityOf<Identity extends object>(
  { token }: PageSession,
  verifier: Pick<TokenVerifier<Identity>, 'verify'>,
): Promise<Identity | undefined> {
  try {
    return await verifyBearer(token, verifier);
  } catch (error) {
    if (error instanceof InvalidTokenError) return undefined;
    throw error;
  }
}

/**
 * A hook that makes a request with a session one with a bearer token. The request then takes the way of every other client.
 *
 * @throws PublicError UNAUTHENTICATED without a session, and when it has expired
 */
export const authorizeBySession =
  (sessions: PageSessions): onRequestAsyncHookHandler =>
  async (request) => {
    const session = await sessions.read(request);
    if (session === undefined || session === 'expired') {
      request.facts.motivo = session === 'expired' ? 'the session has expired' : 'there is no session';
      throw new PublicError('UNAUTHENTICATED', { detail: 'There is no session, or it has expired: sign in again.' });
    }
    request.headers.authorization = `Bearer ${session.token}`;
  };

import { PublicError } from '@pessoa/domain/errors';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  type Configuration,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { OidcConfig } from './page-settings.ts';
import { toSignInError } from './sign-in-error.ts';

/** What a sign-in that has begun must find again at its end. The browser keeps it, sealed. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface SignedIn {
  readonly token: string;
  readonly nome: string;
}

/** The sign-in of OpenID Connect: authorization code with PKCE, state and nonce. */
export interface OidcSignIn {
  /** @throws PublicError FONTE_INDISPONIVEL when the issuer does not answer */
  begin(): Promise<{ readonly address: string; readonly pending: PendingSignIn }>;
  /**
   * @param query the query with which the issuer sent the browser back
   * @throws PublicError UNAUTHENTICATED when the issuer or one of the checks refuses it; FONTE_INDISPONIVEL when the issuer does not
   *   answer, or not with a token
   */
  finish(query: string, pending: PendingSignIn): Promise<SignedIn>;
  /** Where the user signs out of the issuer too; undefined when the issuer has no such page or does not answer. */
  signOutAddress(): Promise<string | undefined>;
}

/** The path to which the issuer sends the browser back. The client is registered with it. */
export const CALLBACK_PATH = '/pessoa/entrada';

const TIMEOUT_SECONDS = 5;

export function oidcSignIn(config: OidcConfig): OidcSignIn {
  const { clientId, clientSecret, origin, parameters, scopes } = config;
  const issuer = new URL(config.issuer);
  const redirectUri = `${origin}${CALLBACK_PATH}`;
  let discovered: Promise<Configuration> | undefined;

  /** Read once; again after a failure. */
  function configuration(): Promise<Configuration> {
    discovered ??= discovery(
      issuer,
      clientId,
      undefined,
      clientSecret === undefined ? None() : ClientSecretBasic(clientSecret),
      { timeout: TIMEOUT_SECONDS, execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [] },
    ).catch((cause: unknown) => {
      discovered = undefined;
      throw new PublicError('FONTE_INDISPONIVEL', { detail: 'The issuer of the tokens does not answer.', cause });
    });
    return discovered;
  }

  return {
    async begin() {
      const pending = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
      const address = buildAuthorizationUrl(await configuration(), {
        ...parameters,
        redirect_uri: redirectUri,
        scope: scopes,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { address: address.href, pending };
    },
    async finish(query, { state, nonce, codeVerifier }) {
      // Checked here too: an answer that is not for this sign-in causes no call of the issuer.
      if (new URLSearchParams(query).get('state') !== state)
        throw new PublicError('UNAUTHENTICATED', { detail: 'The answer belongs to another sign-in.' });
      const issuerConfiguration = await configuration();
      const { resource } = parameters; // RFC 8707 section 2.2: it is named again for the token
      const tokens = await authorizationCodeGrant(
        issuerConfiguration,
        new URL(`${redirectUri}${query}`),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true },
        resource === undefined ? undefined : { resource },
      ).catch((error: unknown) => {
        throw toSignInError(error);
      });
      const claims = tokens.claims()!;
      const nome = [claims['name'], claims['preferred_username'], claims.sub].find((name) => typeof name === 'string');
      return { token: tokens.access_token, nome: String(nome).slice(0, 100) };
    },
    async signOutAddress() {
      try {
        const issuerConfiguration = await configuration();
        if (issuerConfiguration.serverMetadata().end_session_endpoint === undefined) return undefined;
        return buildEndSessionUrl(issuerConfiguration, { post_logout_redirect_uri: `${origin}/pessoa` }).href;
      } catch {
        return undefined;
      }
    },
  };
}

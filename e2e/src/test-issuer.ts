import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { escopos } from '@pessoa/domain/motivo';
import { freePort } from '@pessoa/service/processes/free-port';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** A real issuer of OpenID Connect (npm's oidc-provider), with one user and one client. */
export interface TestIssuer {
  /** At `localhost`: for a browser another site than a page at 127.0.0.1. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** An entry of JWT_FURTHER_ISSUERS, with which its tokens are accepted. */
  readonly furtherIssuer: object;
  /** The parameters with which it makes a token for the API. */
  readonly parameters: string;
  close(): Promise<void>;
}

export interface TestIssuerOptions {
  /** The origin of the page: the client may send users back to it. */
  readonly pageOrigin: string;
  /** Claims of each access token beside the issuer's own. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The life of an access token. Default: 300 s. */
  readonly lifetimeSeconds?: number;
}

const CLIENT = { clientId: 'pagina-da-pessoa', clientSecret: 'segredo-do-cliente-de-teste-0123456789' };
const RESOURCE = 'https://api.pessoa.invalid/';
const AUDIENCE = 'pessoa';
const INTERACTION = '/interacao/';
const SCOPES = escopos.join(' ');

export async function startTestIssuer(options: TestIssuerOptions): Promise<TestIssuer> {
  const { pageOrigin, claims = {}, lifetimeSeconds = 300 } = options;
  const url = `http://localhost:${await freePort()}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${pageOrigin}/pessoa/entrada`],
        post_logout_redirect_uris: [`${pageOrigin}/pessoa`],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'chave-1', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['chave-dos-cookies-do-emissor-de-teste'] },
    pkce: { required: () => true },
    scopes: ['openid'],
    claims: { openid: ['sub', 'name'] },
    conformIdTokenClaims: false,
    extraTokenClaims: () => claims,
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: 'Alice Analista' }) }),
    interactions: { url: (_context, { uid }) => `${INTERACTION}${uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: AUDIENCE,
          accessTokenTTL: lifetimeSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    // The client is the issuer's own: its users are not asked what it may read.
    async loadExistingGrant({ oidc: { client, session } }) {
      const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope(`openid ${SCOPES}`);
      grant.addResourceScope(RESOURCE, SCOPES);
      await grant.save();
      return grant;
    },
  });

  async function answerInteraction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      return provider.interactionFinished(request, response, { login: { accountId: 'alice' } });
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Emissor</title><form method="post"><button>Entrar como Alice</button></form>');
    return undefined;
  }
  const answerStandard = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith(INTERACTION)) {
      answerInteraction(request, response).catch(() => response.writeHead(500).end());
    } else void answerStandard(request, response);
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), 'localhost', resolve));
  return {
    url,
    ...CLIENT,
    furtherIssuer: { name: 'emissor-de-teste', issuer: url, audiences: [AUDIENCE], jwksUrl: `${url}/jwks` },
    parameters: `resource=${encodeURIComponent(RESOURCE)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

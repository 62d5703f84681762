import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type JWK, type KoaContextWithOIDC, type ResourceServer, type UnknownObject } from 'oidc-provider';

export interface TokenIssuerOptions {
  /** `iss`: the URL by which clients reach it. */
  readonly issuer: string;
  /** `aud`, which clients name as `resource`. */
  readonly audience: string;
  readonly scopes: string;
  readonly clients: readonly {
    readonly id: string;
    readonly secret: string;
    readonly isBoundToCertificate?: boolean;
  }[];
  /** The claims beside the standard ones. */
  readonly claims: UnknownObject;
}

/** An issuer of tokens: npm's oidc-provider, for the flow `client_credentials`. */
export interface TokenIssuer {
  /** Where it listens, without TLS. The key set is at `/jwks`, tokens at `/token`. */
  readonly url: string;
  close(): Promise<void>;
}

/** A key of the issuer, as a JWK that the issuer signs with. */
function signingKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'emissor-1', alg: 'ES256', use: 'sig' } as JWK;
}

/** The client's certificate as a PEM, from the header of the proxy. */
function certificateOf(ctx: KoaContextWithOIDC): string | undefined {
  const base64 = /^:(.+):$/.exec(ctx.get('client-cert'))?.[1];
  return base64 && `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

export async function startTokenIssuer(options: TokenIssuerOptions): Promise<TokenIssuer> {
  const { issuer, audience, scopes, clients, claims } = options;
  const resourceServer: ResourceServer = {
    scope: scopes,
    audience,
    accessTokenTTL: 600,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
  const provider = new Provider(issuer, {
    jwks: { keys: [signingKey()] },
    scopes: scopes.split(' '),
    clients: clients.map(({ id, secret, isBoundToCertificate = false }) => ({
      client_id: id,
      client_secret: secret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256', // no client gets one, but the default would need another key
      tls_client_certificate_bound_access_tokens: isBoundToCertificate,
    })),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      mTLS: { enabled: true, certificateBoundAccessTokens: true, getCertificate: certificateOf },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => resourceServer,
      },
    },
    extraTokenClaims: () => claims,
    ttl: { ClientCredentials: 600 },
  });
  provider.proxy = true;
  const server = createServer(provider.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

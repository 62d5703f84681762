import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@pessoa/domain/data';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { commonConfig, commonVariables, readEnvironment } from '../../src/config/environment.ts';
import { internalCallersOnly } from '../../src/http/internal-caller.ts';
import { authenticator } from '../../src/identity/authentication.ts';
import { requestProofReader } from '../../src/identity/request-proofs.ts';
import { createIdentityVerifier } from '../../src/identity/verifier.ts';
import { serve, type TestServer } from '../http/test-server.ts';

/** An issuer of tokens with one key. */
export interface TestIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Signs a token that the door accepts, with these changes. Undefined removes a claim. */
  sign(claims?: JWTPayload): Promise<string>;
}

const folder = mkdtempSync(join(tmpdir(), 'pessoa-door-'));
afterAll(() => rmSync(folder, { recursive: true }));

let issuers = 0;

export async function newIssuer(issuer: string): Promise<TestIssuer> {
  const { publicKey, privateKey }: { publicKey: CryptoKey; privateKey: CryptoKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
  const file = join(folder, `jwks-${issuers++}.json`);
  writeFileSync(file, JSON.stringify({ keys: [jwk] }));
  return {
    issuer,
    jwksUrl: pathToFileURL(file).href,
    sign(claims = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const valid = { iss: issuer, aud: 'pessoa', sub: 'ana', client_id: 'loja', scope: 'divida:read', finalidade: 'CONCESSAO_CREDITO', iat: now, exp: now + 600 }; // prettier-ignore
      return new SignJWT({ ...valid, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    },
  };
}

/**
 * Serves `GET /cliente/:nome`, which answers with the client of the token, and `POST /interno`, which only the router of this
 * INTERNAL_KEY reaches.
 */
export async function serveTokenDoor(
  { issuer, jwksUrl }: TestIssuer,
  env: Record<string, string> = {},
): Promise<TestServer & { readonly internalKey: Uint8Array }> {
  const config = commonConfig(
    readEnvironment('test', commonVariables, {
      JWT_JWKS_URL: jwksUrl,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: 'pessoa',
      CPF_HASH_KEY: randomBytes(32).toString('base64url'),
      INTERNAL_KEY: randomBytes(32).toString('base64url'),
      AUDIT_URL: 'postgresql://writer@127.0.0.1:1/auditoria',
      ...env,
    }),
  );
  const verifier = createIdentityVerifier(config);
  await verifier.ready();
  const authenticate = authenticator(verifier, requestProofReader(config.jwt), 'checked');
  const admit = internalCallersOnly({ key: config.internalKey, subgraph: 'debt', clock: systemClock });
  const server = await serve({}, (app) => {
    app.get('/cliente/:nome', { config: { door: 'rest' } }, async (request, reply) => ({
      cliente: (await authenticate(request, reply)).clientId,
    }));
    app.post('/interno', { config: { door: 'graphql' }, onRequest: [admit] }, async (request, reply) => ({
      cliente: (await authenticate(request, reply)).clientId,
    }));
  });
  return { ...server, internalKey: config.internalKey };
}

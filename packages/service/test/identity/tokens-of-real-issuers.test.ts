import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { commonConfig, commonVariables, readEnvironment } from '../../src/config/environment.ts';
import { createIdentityVerifier } from '../../src/identity/verifier.ts';

const KID = 'Xq9-of-an-issuer';
const now = Math.floor(Date.now() / 1_000);
const times = { iat: now, exp: now + 600 };

let folder: string;
let privateKey: CryptoKey;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-issuers-'));
  const pair = await generateKeyPair('RS256', { extractable: true });
  privateKey = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: KID, use: 'sig', alg: 'RS256' };
  await writeFile(join(folder, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
});
afterAll(() => rm(folder, { recursive: true }));

/** The identity in a token of this issuer, or the reason why the token is refused. */
async function read(claims: JWTPayload, env: Record<string, string> = {}, header: Record<string, unknown> = {}) {
  const common = {
    JWT_JWKS_URL: pathToFileURL(join(folder, 'jwks.json')).href,
    JWT_ISSUER: claims.iss!,
    JWT_AUDIENCE: 'https://api.pessoa.example',
    CPF_HASH_KEY: randomBytes(32).toString('base64url'),
    INTERNAL_KEY: randomBytes(32).toString('base64url'),
    AUDIT_URL: 'postgresql://writer@127.0.0.1:1/auditoria',
    ...env,
  };
  const verifier = createIdentityVerifier(commonConfig(readEnvironment('test', commonVariables, common)));
  const token = await new SignJWT({ ...times, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: KID, ...header })
    .sign(privateKey);
  return verifier.verify(`Bearer ${token}`).then(
    ({ clientId, sujeito, scopes }) => ({ clientId, sujeito, scopes: [...scopes] }),
    (error: unknown) => {
      if (error instanceof InvalidTokenError) return error.wwwAuthenticate;
      throw error;
    },
  );
}
const refusedFor = (reason: string): string => `Bearer error="invalid_token", error_description="${reason}"`;
const aud = 'https://api.pessoa.example';

// Access tokens as each issuer documents them, with all their claims.
const keycloak: JWTPayload = { iss: 'https://sso.example/realms/birô', aud: [aud, 'account'], sub: 'f9b1', typ: 'Bearer', azp: 'loja-web', sid: 'x', acr: '1', scope: 'openid divida:read email', realm_access: { roles: ['offline_access'] } }; // prettier-ignore
const auth0: JWTPayload = { iss: 'https://biro.eu.auth0.example/', aud: [aud, 'https://biro.eu.auth0.example/userinfo'], sub: 'auth0|5f7c', azp: 'kM5W', scope: 'openid divida:read score:read', permissions: ['divida:read'] }; // prettier-ignore
const auth0Machine: JWTPayload = { iss: 'https://biro.eu.auth0.example/', aud, sub: 'kM5W@clients', client_id: 'kM5W', azp: 'kM5W', gty: 'client-credentials', scope: 'divida:read' }; // prettier-ignore
const okta: JWTPayload = { ver: 1, jti: 'AT.0mP4JKAZX1iACIT4', iss: 'https://biro.okta.example/oauth2/default', aud, cid: '0oa1', uid: '00u1', scp: ['openid', 'divida:read'], sub: 'ana@loja.example' } as JWTPayload; // prettier-ignore
const entraV1: JWTPayload = { ver: '1.0', iss: 'https://sts.windows.net/7f3c/', aud, appid: '4d8e', appidacr: '1', scp: 'divida:read score:read', sub: 'AAAA', oid: 'e1', tid: '7f3c', nbf: now } as JWTPayload; // prettier-ignore
const entraV2: JWTPayload = { ver: '2.0', iss: 'https://login.microsoftonline.com/7f3c/v2.0', aud, azp: '4d8e', azpacr: '1', scp: 'divida:read', sub: 'AAAA', nbf: now } as JWTPayload; // prettier-ignore
const entraDaemon: JWTPayload = { ...entraV2, scp: undefined, roles: ['divida:read', 'evento:read'] };
const cognito: JWTPayload = { iss: 'https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_x', aud, sub: '4a1f', token_use: 'access', client_id: '6t2b', version: 2, scope: 'https://api.pessoa.example/divida:read https://other.example/score:read openid' }; // prettier-ignore
const hydra: JWTPayload = { iss: 'https://hydra.example', aud: [aud], sub: 'ana', client_id: 'loja', scp: ['divida:read', 'score:read'], scope: 'score:read divida:read', ext: {} } as JWTPayload; // prettier-ignore

describe('A token of a real issuer', () => {
  it.each<[string, JWTPayload, Record<string, string>, Record<string, unknown>, string, string[]]>([
    ['Keycloak', keycloak, {}, { typ: 'JWT' }, 'loja-web', ['openid', 'divida:read', 'email']],
    ['Auth0', auth0, {}, { typ: 'JWT' }, 'kM5W', ['openid', 'divida:read', 'score:read']],
    ['Auth0 for a machine', auth0Machine, {}, { typ: 'at+jwt' }, 'kM5W', ['divida:read']],
    ['Okta', okta, {}, {}, '0oa1', ['openid', 'divida:read']],
    ['Okta with a type of its own', okta, {}, { typ: 'application/okta-internal-at+jwt' }, '', []],
    ['Entra v1', entraV1, {}, { typ: 'JWT', x5t: 'Zz' }, '4d8e', ['divida:read', 'score:read']],
    ['Entra v2', entraV2, {}, { typ: 'JWT' }, '4d8e', ['divida:read']],
    ['Entra with the roles of a daemon', entraDaemon, { JWT_SCOPE_CLAIMS: 'scp,roles' }, { typ: 'JWT' }, '4d8e', ['divida:read', 'evento:read']], // prettier-ignore
    ['Entra with roles that are not configured', entraDaemon, {}, { typ: 'JWT' }, '4d8e', []],
    ['Cognito', cognito, { JWT_SCOPE_PREFIX: 'https://api.pessoa.example/' }, {}, '6t2b', ['divida:read']],
    ['Ory Hydra with both claims for scopes', hydra, {}, { typ: 'JWT' }, 'loja', ['divida:read', 'score:read']],
  ])('gives client and scopes, or is refused for its type: %s', async (_, claims, env, header, clientId, scopes) => {
    const identity = await read(claims, env, header);
    if (clientId === '') expect(identity).toBe(refusedFor('the type of the token is not accepted'));
    else {
      expect(identity).toEqual({ clientId, sujeito: claims.sub, scopes: expect.arrayContaining(scopes) });
      expect((identity as { scopes: string[] }).scopes).toHaveLength(scopes.length);
    }
  });

  it('may have types and claims of its own, if they are configured', async () => {
    const claims = {
      iss: 'https://idp.example',
      aud,
      sub: 'ana',
      'https://biro.example/app': 'loja',
      rights: 'divida:read',
    };
    const env = { JWT_CLIENT_CLAIMS: 'https://biro.example/app', JWT_SCOPE_CLAIMS: 'rights', JWT_TYPES: 'Biro+JWT' };
    expect(await read(claims, env, { typ: 'application/biro+jwt' })).toMatchObject({
      clientId: 'loja',
      scopes: ['divida:read'],
    });
    expect(await read(claims, env, { typ: 'JWT' })).toBe(refusedFor('the type of the token is not accepted'));
  });

  it('is refused when it is for another audience, or is an ID token', async () => {
    expect(await read({ ...keycloak, aud: 'account' })).toBe(refusedFor('the audience is not accepted'));
    expect(await read({ ...okta, aud: '0oa1', nonce: 'n' })).toBe(refusedFor('the audience is not accepted'));
    expect(await read({ ...cognito, aud: undefined })).toBe(refusedFor('the claim aud is missing or malformed'));
  });
});

describe('When several claims hold the same thing', () => {
  const claims = { iss: 'https://idp.example', aud, sub: 'ana', client_id: 'loja' };

  it.each<[string, JWTPayload, string]>([
    ['two clients', { ...claims, azp: 'banco' }, 'the claims client_id and azp contradict each other'],
    ['three clients, the last different', { ...claims, azp: 'loja', appid: 'banco' }, 'the claims client_id and appid contradict each other'], // prettier-ignore
    ['two lists of scopes', { ...claims, scope: 'divida:read', scp: ['score:read'] }, 'the claims scope and scp contradict each other'], // prettier-ignore
    ['an empty list of scopes and another', { ...claims, scope: '', scp: ['score:read'] }, 'the claims scope and scp contradict each other'], // prettier-ignore
    [
      'a client that is a list beside a valid one',
      { ...claims, azp: ['loja'] },
      'the claim azp is missing or malformed',
    ],
    ['a scope that is null beside a valid one', { ...claims, scope: null, scp: 'a' }, 'the claim scope is missing or malformed'], // prettier-ignore
  ])('the token is refused if they contradict each other: %s', async (_, contradictoryClaims, reason) => {
    expect(await read(contradictoryClaims)).toBe(refusedFor(reason));
  });

  it('only the configured claims are read', async () => {
    const contradictoryClaims = { ...claims, azp: 'banco', scp: ['score:read'], scope: 'divida:read' };
    const env = { JWT_CLIENT_CLAIMS: 'azp', JWT_SCOPE_CLAIMS: 'scp' };
    expect(await read(contradictoryClaims, env)).toEqual({ clientId: 'banco', sujeito: 'ana', scopes: ['score:read'] });
  });

  it('a token without any of them is refused for the first client claim, but may have no scopes', async () => {
    const { client_id: _, ...claimsWithoutClient } = claims;
    expect(await read(claimsWithoutClient)).toBe(refusedFor('the claim client_id is missing or malformed'));
    expect(await read({ ...claims })).toMatchObject({ scopes: [] });
  });

  it.each([
    ['an item of a list has two scopes', ['divida:read score:read']],
    ['an item of a list is empty', ['divida:read', '']],
    ['an item of a list is not a text', ['divida:read', 7]],
    ['a text has a quotation mark', 'divida:read "'],
    ['a text has a line break', 'divida:read\nscore:read'],
    ['a text has letters that no scope may have', 'dívida:read'],
    ['there are more than 500', Array.from({ length: 501 }, (_, index) => `s:${index}`)],
  ])('scopes are refused when %s', async (_, scp) => {
    expect(await read({ ...claims, scp })).toBe(refusedFor('the claim scp is missing or malformed'));
  });

  it.each(['JWT_SCOPE_CLAIMS', 'JWT_CLIENT_CLAIMS', 'JWT_TYPES'])(
    '%s with malformed names is refused at the start',
    async (name) => {
      for (const value of [',', 'a b', 'scope;scp']) {
        await expect(read(claims, { [name]: value })).rejects.toThrow(new RegExp(`^test cannot start:\\n  ${name}: `));
      }
    },
  );
});

import { hash, randomUUID } from 'node:crypto';
import { systemClock } from '@pessoa/domain/data';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '../../src/identity/internal-identity.ts';
import type { TestServer } from '../http/test-server.ts';
import { newIssuer, serveTokenDoor, type TestIssuer } from './token-door.ts';

const PUBLIC_URL = 'https://api.example/v1';

let issuer: TestIssuer;
let jwk: JWK;
let privateKey: CryptoKey;
let boundToken: string;
type Door = TestServer & { readonly internalKey: Uint8Array };
let door: Door;
let doorWithoutDpop: Door;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  privateKey = pair.privateKey;
  jwk = await exportJWK(pair.publicKey);
  issuer = await newIssuer('https://idp.example');
  boundToken = await issuer.sign({ cnf: { jkt: await calculateJwkThumbprint(jwk) } });
  door = await serveTokenDoor(issuer, { DPOP_URLS: `http://localhost:9999, ${PUBLIC_URL}/` });
  doorWithoutDpop = await serveTokenDoor(issuer);
});
afterAll(() => Promise.all([door.close(), doorWithoutDpop.close()]));

const prove = (htu: string, htm = 'GET'): Promise<string> =>
  new SignJWT({ jti: randomUUID(), htm, htu, ath: hash('sha256', boundToken, 'base64url') })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .setIssuedAt()
    .sign(privateKey);

async function ask({ port }: Door, path: string, headers: Record<string, string>, init: RequestInit = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, ...init });
  const text = await response.text();
  return { status: response.status, challenge: response.headers.get('www-authenticate'), text };
}

describe('A token that is bound to a DPoP key', () => {
  it('is accepted with a proof for the public URL of the request', async () => {
    const answer = await ask(door, '/cliente/ana?campos=nome', {
      authorization: `DPoP ${boundToken}`,
      dpop: await prove(`${PUBLIC_URL}/cliente/ana`),
    });
    expect(answer).toMatchObject({ status: 200, text: '{"cliente":"loja"}' });
  });

  it.each<[string, () => Promise<string>, string]>([
    ['of another path', () => prove(`${PUBLIC_URL}/cliente/bia`), 'the DPoP proof is for another URL'],
    ['of the address behind the proxy', () => prove(`http://127.0.0.1:${door.port}/cliente/ana`), 'the DPoP proof is for another URL'], // prettier-ignore
    ['of another method', () => prove(`${PUBLIC_URL}/cliente/ana`, 'POST'), 'the DPoP proof is for another method'],
    ['that is none', async () => 'proof', 'this is not a signed JWT'],
  ])('is refused with a proof %s', async (_, proof, reason) => {
    const answer = await ask(door, '/cliente/ana', { authorization: `DPoP ${boundToken}`, dpop: await proof() });
    expect(answer.status).toBe(401);
    expect(answer.challenge).toBe(
      `DPoP error="invalid_dpop_proof", error_description="${reason}", algs="PS256 ES256 EdDSA"`,
    );
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused with two proofs, and with a proof that was used', async () => {
    const authorization = `DPoP ${boundToken}`;
    const proof = await prove(`${PUBLIC_URL}/cliente/ana`);
    const answer = await door.raw(
      `GET /cliente/ana HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nDPoP: ${proof}\r\nDPoP: ${proof}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect((await ask(door, '/cliente/ana', { authorization, dpop: proof })).status).toBe(200);
    expect((await ask(door, '/cliente/ana', { authorization, dpop: proof })).challenge).toMatch('was used before');
  });

  it('is refused with the scheme Bearer, and by a process that does not accept DPoP', async () => {
    const dpop = await prove(`${PUBLIC_URL}/cliente/ana`);
    const bearer = await ask(door, '/cliente/ana', { authorization: `Bearer ${boundToken}`, dpop });
    expect(bearer).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer error.*, DPoP algs="/) });
    for (const scheme of ['DPoP', 'Bearer']) {
      const answer = await ask(doorWithoutDpop, '/cliente/ana', { authorization: `${scheme} ${boundToken}`, dpop });
      expect(answer).toMatchObject({ status: 401, challenge: expect.not.stringContaining('DPoP algs') });
    }
  });

  it('is accepted without a proof from the router, also by a process that does not accept DPoP', async () => {
    for (const subgraph of [door, doorWithoutDpop]) {
      const authorization = `DPoP ${boundToken}`;
      const call = { subgraph: 'debt', method: 'POST', path: '/interno', authorization, finalidade: '' };
      const body = '{}';
      const identity = internalIdentitySigner(subgraph.internalKey, systemClock)(call, body);
      const headers = { authorization, 'content-type': 'application/json', [INTERNAL_IDENTITY_HEADER]: identity };
      expect(await ask(subgraph, '/interno', headers, { method: 'POST', body })).toMatchObject({ status: 200 });
      // The identity of the router is for its GraphQL request alone.
      expect((await ask(subgraph, '/cliente/ana', headers)).status).toBe(401);
    }
  });

  it('and its proof are in no log', async () => {
    const dpop = await prove(`${PUBLIC_URL}/cliente/ana`);
    await ask(door, '/cliente/ana', { authorization: `DPoP ${boundToken}`, dpop });
    await ask(door, '/cliente/ana', { authorization: `DPoP ${boundToken}`, dpop });
    const log = JSON.stringify(door.logged());
    expect(log).toContain('the DPoP proof was used before');
    for (const secret of [boundToken, dpop, dpop.split('.')[2]!, boundToken.split('.')[2]!]) {
      expect(log).not.toContain(secret);
    }
  });
});

import { createHmac } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { InvalidTokenError, KeysUnavailableError } from '../../src/index.ts';
import { AUDIENCE, bearer, goodClaims, newSigner, NOW, type Signer } from './signer.ts';
import { clock, type Options, refusalOf, verifierOf } from './verifier-under-test.ts';

let signer: Signer;
beforeAll(async () => {
  signer = await newSigner('k1');
});

describe('a token', () => {
  it('with a valid signature and valid claims gives its viewer', async () => {
    const verifier = verifierOf([signer.jwk]);
    await expect(verifier.verify(bearer(await signer.sign()))).resolves.toEqual({ sub: 'ana' });
  });

  it('may follow the scheme Bearer in any case', async () => {
    const verifier = verifierOf([signer.jwk]);
    await expect(verifier.verify(`bEARER ${await signer.sign()}`)).resolves.toEqual({ sub: 'ana' });
  });

  it.each(['PS256', 'RS256', 'ES256', 'EdDSA'])('may be signed with %s by default', async (alg) => {
    const other = await newSigner('k2', alg);
    const verifier = verifierOf([signer.jwk, other.jwk]);
    await expect(verifier.verify(bearer(await other.sign()))).resolves.toEqual({ sub: 'ana' });
  });

  it.each([undefined, '', 'Basic YW5hOmFuYQ=='])(
    'that is absent is requested without an error code (%p)',
    async (header) => {
      const verifier = verifierOf([signer.jwk]);
      await expect(verifier.verify(header)).rejects.toMatchObject({
        reason: 'no bearer token',
        wwwAuthenticate: 'Bearer',
      });
    },
  );

  it('that is refused gets an answer as in RFC 6750, without any of its content', async () => {
    const verifier = verifierOf([signer.jwk]);
    const token = await signer.sign({ aud: 'https://secret.example' });
    const refusal: unknown = await verifier.verify(bearer(token)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      wwwAuthenticate: 'Bearer error="invalid_token", error_description="the audience is not accepted"',
    });
    expect(refusal).not.toHaveProperty('cause');
    expect(JSON.stringify(refusal) + String((refusal as Error).stack)).not.toMatch(/secret|eyJ/);
  });

  it.each<[string, JWTPayload, string]>([
    ['of another issuer', { iss: 'https://evil.example' }, 'the issuer is not accepted'],
    ['without issuer', { iss: undefined }, 'the claim iss is missing or malformed'],
    ['for another audience', { aud: ['https://other.example'] }, 'the audience is not accepted'],
    ['without audience', { aud: undefined }, 'the claim aud is missing or malformed'],
    ['without expiry', { exp: undefined }, 'the claim exp is missing or malformed'],
    ['without a time of issue', { iat: undefined }, 'the claim iat is missing or malformed'],
    ['without subject', { sub: undefined }, 'the claim sub is missing or malformed'],
    ['with an empty subject', { sub: '' }, 'the claim sub is missing or malformed'],
    [
      'with an expiry that is not a number',
      { exp: 'never' as unknown as number },
      'the claim exp is missing or malformed',
    ],
    ['that expired more than 10 s ago', { iat: NOW - 100, exp: NOW - 10 }, 'the token has expired'],
    ['not valid before 11 s from now', { nbf: NOW + 11 }, 'the token is not valid yet'],
    ['issued 11 s from now', { iat: NOW + 11 }, 'the token is not valid yet'],
    ['that lives for 901 s', { exp: NOW + 901 }, 'the lifetime of the token is too long'],
    ['that ends before it is issued', { iat: NOW + 5, exp: NOW + 1 }, 'the token ends before it begins'],
    [
      'that ended before it was issued, both within 10 s',
      { iat: NOW - 1, exp: NOW - 9 },
      'the token ends before it begins',
    ],
    ['issued so long ago that its lifetime is too long', { iat: NOW - 700 }, 'the lifetime of the token is too long'],
  ])('%s is refused', async (_what, claims, reason) => {
    expect(await refusalOf(verifierOf([signer.jwk]), bearer(await signer.sign(claims)))).toBe(reason);
  });

  it.each<[string, JWTPayload]>([
    ['expired 9 s ago', { iat: NOW - 100, exp: NOW - 9 }],
    ['valid from 10 s on', { nbf: NOW + 10 }],
    ['issued 10 s from now', { iat: NOW + 10 }],
    ['that lives for 900 s', { exp: NOW + 900 }],
    ['for several audiences', { aud: ['https://other.example', AUDIENCE] }],
  ])('%s is accepted', async (_what, claims) => {
    const verifier = verifierOf([signer.jwk]);
    await expect(verifier.verify(bearer(await signer.sign(claims)))).resolves.toEqual({ sub: 'ana' });
  });

  it('may live as long as the configuration allows', async () => {
    const verifier = verifierOf([signer.jwk], { maxLifetimeSeconds: 43_200 });
    await expect(verifier.verify(bearer(await signer.sign({ exp: NOW + 43_200 })))).resolves.toEqual({ sub: 'ana' });
    expect(await refusalOf(verifier, bearer(await signer.sign({ exp: NOW + 43_201 })))).toMatch('too long');
  });

  it('with infinite times is refused', async () => {
    const key = new Uint8Array(32).fill(7);
    const jwk = { kty: 'oct', kid: 'hs', k: Buffer.from(key).toString('base64url') };
    const verifier = verifierOf([jwk], { algorithms: ['HS256'] });
    const claims = JSON.stringify(goodClaims).replace(/"(iat|exp)":\d+/g, '"$1":1e999');
    const input = [JSON.stringify({ alg: 'HS256', kid: 'hs' }), claims]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const signature = createHmac('sha256', key).update(input).digest('base64url');
    expect(await refusalOf(verifier, bearer(`${input}.${signature}`))).toBe('the claim iat is missing or malformed');
  });

  it('is refused if it is longer than the configured size, and not if it is as long', async () => {
    const token = await signer.sign({ padding: 'x'.repeat(500) });
    const verifier = verifierOf([signer.jwk], { maxTokenBytes: token.length });
    await expect(verifier.verify(bearer(token))).resolves.toEqual({ sub: 'ana' });
    expect(verifier.verifyCached(bearer(token))).toEqual({ sub: 'ana' });
    expect(await refusalOf(verifier, bearer(`${token}A`))).toBe('the token is too large');
    expect(verifier.verifyCached(bearer(`${token}A`))).toBeUndefined();
  });

  it('of more than 10 KB is refused by default', async () => {
    const verifier = verifierOf([signer.jwk]);
    expect(await refusalOf(verifier, bearer(await signer.sign({ padding: 'x'.repeat(10_240) })))).toBe(
      'the token is too large',
    );
  });

  it('is refused if toViewer throws InvalidTokenError', async () => {
    const verifier = verifierOf([signer.jwk], {
      toViewer: () => {
        throw new InvalidTokenError('the claim "tenant" is malformed');
      },
    });
    await expect(verifier.verify(bearer(await signer.sign()))).rejects.toMatchObject({
      reason: 'the claim "tenant" is malformed',
      // A quotation mark would end the description, so there is none.
      wwwAuthenticate: 'Bearer error="invalid_token"',
    });
  });
});

describe('a verified token is cached', () => {
  it('with its viewer, which is made once', async () => {
    const verifier = verifierOf([signer.jwk]);
    const header = bearer(await signer.sign());
    expect(verifier.verifyCached(header)).toBeUndefined();
    const viewer = await verifier.verify(header);
    expect(verifier.verifyCached(header)).toBe(viewer);
    expect(await verifier.verify(header)).toBe(viewer);
  });

  it('until it expires, and not a second longer', async () => {
    const verifier = verifierOf([signer.jwk]);
    const header = bearer(await signer.sign({ exp: NOW + 30 }));
    await verifier.verify(header);
    clock.now = (NOW + 39) * 1_000 + 999;
    expect(verifier.verifyCached(header)).toEqual({ sub: 'ana' });
    clock.now = (NOW + 40) * 1_000;
    expect(verifier.verifyCached(header)).toBeUndefined();
    expect(await refusalOf(verifier, header)).toBe('the token has expired');
  });

  it('up to the configured number of tokens', async () => {
    const verifier = verifierOf([signer.jwk], { cacheMaxTokens: 1 });
    const [first, second] = [bearer(await signer.sign()), bearer(await signer.sign({ sub: 'bia' }))];
    await verifier.verify(first);
    await verifier.verify(second);
    expect(verifier.verifyCached(first)).toBeUndefined();
    expect(verifier.verifyCached(second)).toEqual({ sub: 'bia' });
  });

  it('and a refused token is not', async () => {
    const verifier = verifierOf([signer.jwk]);
    const header = bearer(await signer.sign({ aud: 'https://other.example' }));
    await refusalOf(verifier, header);
    expect(verifier.verifyCached(header)).toBeUndefined();
    expect(verifier.verifyCached(undefined)).toBeUndefined();
  });
});

describe('the configuration', () => {
  it.each<[string, Options]>([
    ['issuer', { issuer: '' }],
    ['audiences', { audiences: [] }],
    ['audiences', { audiences: [AUDIENCE, ''] }],
    ['issuers', { issuers: [] }],
    ['maxLifetimeSeconds', { maxLifetimeSeconds: 0 }],
    ['clockToleranceSeconds', { clockToleranceSeconds: -1 }],
    ['http or https', { jwks: { url: new URL('ftp://issuer.example/jwks') } }],
    ['password', { jwks: { url: new URL('https://ana:secret@issuer.example/jwks') } }],
  ])('cannot disable a check (%s)', async (word, options) => {
    expect(() => verifierOf([signer.jwk], options)).toThrow(word);
  });

  it('with an absent file makes `ready` reject', async () => {
    const verifier = verifierOf([], { jwks: { file: '/nowhere/absent.json' } });
    await expect(verifier.ready()).rejects.toBeInstanceOf(KeysUnavailableError);
    await expect(verifier.verify(bearer(await signer.sign()))).rejects.toBeInstanceOf(KeysUnavailableError);
  });
});

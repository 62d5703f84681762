import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import { bearer, goodClaims, newSigner, signerOf, type Signer } from './signer.ts';
import { refusalOf, verifierOf } from './verifier-under-test.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const unsigned = (header: object, claims: object): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

let signer: Signer;
beforeAll(async () => {
  signer = await newSigner('k1');
});

describe('the form of a token', () => {
  it.each(['', 'a', 'a.b', 'a.b.c.d.e', '..', 'e30.e30.', 'e30..e30', 'é.e30.e30'])(
    '%p is not one of a signed JWT',
    async (token) => {
      expect(await refusalOf(verifierOf([signer.jwk]), bearer(token))).toBe('this is not a signed JWT');
    },
  );

  it('must be canonical base64url, and not another spelling of the same bytes', async () => {
    const verifier = verifierOf([signer.jwk]);
    const token = await signer.sign({ padding: '' });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const respelled = [header, payload, signature].flatMap((segment, index) => {
      if (segment.length % 4 === 0) return [];
      const last = BASE64URL[BASE64URL.indexOf(segment.at(-1) as string) + 1] as string;
      const changed = segment.slice(0, -1) + last;
      expect(Buffer.from(changed, 'base64url')).toEqual(Buffer.from(segment, 'base64url'));
      return [[header, payload, signature].with(index, changed).join('.')];
    });
    const malformed = [
      `${token}=`,
      `${header}.${payload}==.${signature}`,
      `${header}.${payload}.${signature.slice(0, -1)} `,
    ];
    expect(respelled.length).toBeGreaterThan(0);
    for (const spelling of [...respelled, ...malformed]) {
      expect(await refusalOf(verifier, bearer(spelling))).toBe('this is not a signed JWT');
    }
    await expect(verifier.verify(bearer(token))).resolves.toEqual({ sub: 'ana' });
  });

  it('does not help a changed claim or another signature: the token does not verify', async () => {
    const verifier = verifierOf([signer.jwk]);
    const [header, , signature] = (await signer.sign()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...goodClaims, sub: 'bia' })).toString('base64url');
    expect(await refusalOf(verifier, bearer(`${header}.${forged}.${signature}`))).toBe('the signature does not verify');
    const impostor = await newSigner('k1');
    expect(await refusalOf(verifier, bearer(await impostor.sign()))).toBe('the signature does not verify');
  });

  it('must not require an unknown extension', async () => {
    const token = `${unsigned({ alg: 'ES256', kid: 'k1', crit: ['x'], x: 1 }, goodClaims)}.AAAA`;
    expect(await refusalOf(verifierOf([signer.jwk]), bearer(token))).toBe('the header crit is not accepted');
  });
});

describe('the algorithm', () => {
  it.each(['none', 'NONE', 'HS256', 'RS384', 'ES256K', 'toString', ''])(
    '%p is accepted only if it is listed',
    async (alg) => {
      const token = `${unsigned({ alg, kid: 'k1' }, goodClaims)}.AAAA`;
      expect(await refusalOf(verifierOf([signer.jwk]), bearer(token))).toBe('the algorithm is not accepted');
    },
  );

  it.each(['none', 'toString', 'A128KW'])('%s cannot be listed', (name) => {
    const algorithms = [name] as unknown as [];
    expect(() => verifierOf([signer.jwk], { algorithms })).toThrow('unknown name');
  });

  it('list cannot be empty', () => {
    expect(() => verifierOf([signer.jwk], { algorithms: [] })).toThrow('unknown name');
  });

  it('HS256 works if it is listed and its secret is long enough', async () => {
    const secretOf = (bytes: number): Signer => {
      const secret = new Uint8Array(bytes).fill(7);
      const jwk = { kty: 'oct', kid: 'hs', k: Buffer.from(secret).toString('base64url') };
      return signerOf('HS256', secret, jwk, jwk);
    };
    const long = secretOf(32);
    const token = bearer(await long.sign());
    expect(await refusalOf(verifierOf([long.jwk]), token)).toBe('the algorithm is not accepted');
    const verifier = verifierOf([long.jwk], { algorithms: ['HS256'] });
    await expect(verifier.verify(token)).resolves.toEqual({ sub: 'ana' });
    const short = secretOf(31);
    const weak = verifierOf([short.jwk], { algorithms: ['HS256'] });
    expect(await refusalOf(weak, bearer(await short.sign()))).toBe('the signing key is not known');
  });

  it('cannot turn a public key into an HMAC secret', async () => {
    const rsa = await newSigner('k1', 'RS256');
    const secret = Buffer.from(JSON.stringify(rsa.jwk));
    const confused = signerOf('HS256', secret, rsa.jwk, rsa.jwk);
    const verifier = verifierOf([rsa.jwk], { algorithms: ['RS256', 'HS256'] });
    await expect(verifier.verify(bearer(await rsa.sign()))).resolves.toEqual({ sub: 'ana' });
    expect(await refusalOf(verifier, bearer(await confused.sign()))).toBe('the signing key is not known');
  });

  it('must be the one that the key names', async () => {
    const rsa = await newSigner('k1', 'RS256');
    const verifier = verifierOf([{ ...rsa.jwk, alg: 'PS256' }]);
    expect(await refusalOf(verifier, bearer(await rsa.sign()))).toBe('the signing key is not known');
  });
});

describe('the key', () => {
  it.each<[string, (jwk: JWK) => unknown]>([
    ['for encryption', (jwk) => ({ ...jwk, use: 'enc' })],
    ['that may not verify', (jwk) => ({ ...jwk, key_ops: ['sign'] })],
    ['of another curve', (jwk) => ({ ...jwk, crv: 'P-384' })],
    ['whose point is not on the curve', (jwk) => ({ ...jwk, x: jwk.y })],
    ['with another id', (jwk) => ({ ...jwk, kid: 'k2' })],
    ['with an id that is not a string', (jwk) => ({ ...jwk, kid: 1 })],
    ['that is not an object', () => 'k1'],
  ])('%s does not work', async (_what, change) => {
    const verifier = verifierOf([change(signer.jwk)]);
    expect(await refusalOf(verifier, bearer(await signer.sign()))).toBe('the signing key is not known');
  });

  it('that includes its private half does not work', async () => {
    const verifier = verifierOf([{ ...signer.privateJwk, kid: 'k1' }]);
    expect(await refusalOf(verifier, bearer(await signer.sign()))).toBe('the signing key is not known');
  });

  it('of RSA below 2,048 bits does not work', async () => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const token = `${unsigned({ alg: 'RS256', kid: 'weak' }, goodClaims)}.AAAA`;
    expect(await refusalOf(verifierOf([{ ...jwk, kid: 'weak' }]), bearer(token))).toBe('the signing key is not known');
  });

  it('may lack an id if no other key fits', async () => {
    const nameless = await newSigner(undefined);
    const rsa = await newSigner('rsa', 'RS256');
    const verifier = verifierOf([nameless.jwk, rsa.jwk]);
    await expect(verifier.verify(bearer(await nameless.sign()))).resolves.toEqual({ sub: 'ana' });
    const token = bearer(await nameless.sign({}, { kid: 'anything' }));
    await expect(verifier.verify(token)).resolves.toEqual({ sub: 'ana' });
    const ambiguous = verifierOf([nameless.jwk, signer.jwk]);
    expect(await refusalOf(ambiguous, bearer(await nameless.sign()))).toBe('the signing key is not known');
  });

  it('that is malformed does not affect the others', async () => {
    const strange = [null, 'k1', {}, { ...signer.jwk, kid: 1 }, { kty: 'EC' }];
    const verifier = verifierOf([...strange, signer.jwk], { isRefusedKeyId: (kid) => kid.startsWith('dev-') });
    await expect(verifier.verify(bearer(await signer.sign()))).resolves.toEqual({ sub: 'ana' });
  });

  it('whose id is refused does not work, even for a token that does not name it', async () => {
    const isRefusedKeyId = (kid: string) => kid.startsWith('dev-');
    const dev = await newSigner('dev-1');
    const verifier = verifierOf([dev.jwk], { isRefusedKeyId });
    expect(await refusalOf(verifier, bearer(await dev.sign()))).toBe('the signing key is refused here');
    expect(await refusalOf(verifier, bearer(await dev.sign({}, { kid: undefined })))).toBe(
      'the signing key is not known',
    );
  });
});

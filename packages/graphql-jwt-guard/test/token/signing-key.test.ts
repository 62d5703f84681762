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
    '%p is no signed JWT',
    async (token) => {
      expect(await refusalOf(verifierOf([signer.jwk]), bearer(token))).toBe('this is not a signed JWT');
    },
  );

  it('must be canonical base64url: no other spelling of the same bytes is accepted', async () => {
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
    const others = [
      `${token}=`,
      `${header}.${payload}==.${signature}`,
      `${header}.${payload}.${signature.slice(0, -1)} `,
    ];
    expect(respelled.length).toBeGreaterThan(0);
    for (const other of [...respelled, ...others]) {
      expect(await refusalOf(verifier, bearer(other))).toBe('this is not a signed JWT');
    }
    await expect(verifier.verify(bearer(token))).resolves.toEqual({ sub: 'ana' });
  });

  it('with a changed claim or another signature does not verify', async () => {
    const verifier = verifierOf([signer.jwk]);
    const [header, , signature] = (await signer.sign()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...goodClaims, sub: 'bia' })).toString('base64url');
    expect(await refusalOf(verifier, bearer(`${header}.${forged}.${signature}`))).toBe('the signature does not verify');
    const impostor = await newSigner('k1');
    expect(await refusalOf(verifier, bearer(await impostor.sign()))).toBe('the signature does not verify');
  });

  it('asks for an extension that we do not know: refused', async () => {
    const token = `${unsigned({ alg: 'ES256', kid: 'k1', crit: ['x'], x: 1 }, goodClaims)}.AAAA`;
    expect(await refusalOf(verifierOf([signer.jwk]), bearer(token))).toBe('the header crit is not accepted');
  });
});

describe('the algorithm', () => {
  it.each(['none', 'NONE', 'HS256', 'RS384', 'ES256K', 'toString', ''])(
    '%p is not accepted unless listed',
    async (alg) => {
      const token = `${unsigned({ alg, kid: 'k1' }, goodClaims)}.AAAA`;
      expect(await refusalOf(verifierOf([signer.jwk]), bearer(token))).toBe('the algorithm is not accepted');
    },
  );

  it.each(['none', 'toString', 'A128KW'])('%s cannot be listed', (name) => {
    const algorithms = [name] as unknown as [];
    expect(() => verifierOf([signer.jwk], { algorithms })).toThrow('unknown name');
  });

  it('has to be listed', () => {
    expect(() => verifierOf([signer.jwk], { algorithms: [] })).toThrow('unknown name');
  });

  it('HS256 counts when it is listed on purpose, with a long enough secret', async () => {
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

  it('cannot be another than the one its key is for', async () => {
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
    ['with an id that is not a text', (jwk) => ({ ...jwk, kid: 1 })],
    ['that is not an object', () => 'k1'],
  ])('%s does not count', async (_what, change) => {
    const verifier = verifierOf([change(signer.jwk)]);
    expect(await refusalOf(verifier, bearer(await signer.sign()))).toBe('the signing key is not known');
  });

  it('that was published with its private half does not count', async () => {
    const verifier = verifierOf([{ ...signer.privateJwk, kid: 'k1' }]);
    expect(await refusalOf(verifier, bearer(await signer.sign()))).toBe('the signing key is not known');
  });

  it('of RSA below 2048 bits does not count', async () => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const token = `${unsigned({ alg: 'RS256', kid: 'weak' }, goodClaims)}.AAAA`;
    expect(await refusalOf(verifierOf([{ ...jwk, kid: 'weak' }]), bearer(token))).toBe('the signing key is not known');
  });

  it('may have no id while it is the only one that fits', async () => {
    const nameless = await newSigner(undefined);
    const rsa = await newSigner('rsa', 'RS256');
    const one = verifierOf([nameless.jwk, rsa.jwk]);
    await expect(one.verify(bearer(await nameless.sign()))).resolves.toEqual({ sub: 'ana' });
    const token = bearer(await nameless.sign({}, { kid: 'anything' }));
    await expect(one.verify(token)).resolves.toEqual({ sub: 'ana' });
    const two = verifierOf([nameless.jwk, signer.jwk]);
    expect(await refusalOf(two, bearer(await nameless.sign()))).toBe('the signing key is not known');
  });

  it('that is not well formed leaves the others usable', async () => {
    const strange = [null, 'k1', {}, { ...signer.jwk, kid: 1 }, { kty: 'EC' }];
    const verifier = verifierOf([...strange, signer.jwk], { isRefusedKeyId: (kid) => kid.startsWith('dev-') });
    await expect(verifier.verify(bearer(await signer.sign()))).resolves.toEqual({ sub: 'ana' });
  });

  it('whose id is refused does not count, not even for a token that does not name it', async () => {
    const refuseKeyId = (kid: string) => kid.startsWith('dev-');
    const dev = await newSigner('dev-1');
    const verifier = verifierOf([dev.jwk], { isRefusedKeyId: refuseKeyId });
    expect(await refusalOf(verifier, bearer(await dev.sign()))).toBe('the signing key is refused here');
    expect(await refusalOf(verifier, bearer(await dev.sign({}, { kid: undefined })))).toBe(
      'the signing key is not known',
    );
  });
});

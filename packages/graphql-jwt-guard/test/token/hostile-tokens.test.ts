import { createHmac, createPrivateKey, createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { exportJWK, FlattenedSign, type JWK } from 'jose';
import { keyFits } from '../../src/token/algorithms.ts';
import { isRocaModulus } from '../../src/token/roca.ts';
import { type JwksServer, startJwksServer } from './jwks-server.ts';
import { bearer, goodClaims, newSigner, NOW, type Signer } from './signer.ts';
import { refusalOf, verifierOf } from './verifier-under-test.ts';

const base64url = (content: string | Uint8Array): string => Buffer.from(content).toString('base64url');
const HMAC_KEY = new Uint8Array(32).fill(7);
const hmacJwk = { kty: 'oct', kid: 'hs', k: base64url(HMAC_KEY) };

/** Signs exactly these bytes. */
function signBytes(claims: string | Uint8Array, header: string = JSON.stringify({ alg: 'HS256', kid: 'hs' })): string {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${createHmac('sha256', HMAC_KEY).update(input).digest('base64url')}`;
}
const hmacVerifier = () => verifierOf([hmacJwk], { algorithms: ['HS256'] });
const json = JSON.stringify(goodClaims);

let signer: Signer;
beforeAll(async () => {
  signer = await newSigner('k1');
});

it('the tokens of this suite are accepted if nothing is wrong with them', async () => {
  await expect(hmacVerifier().verify(bearer(signBytes(json)))).resolves.toEqual({ sub: 'ana' });
});

describe('A header is refused', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['with an extension that must be understood', { crit: ['exp'], exp: 1 }, 'the header crit is not accepted'],
    ['with an empty list of extensions', { crit: [] }, 'the header crit is not accepted'],
    ['of an unencoded payload', { b64: false, crit: ['b64'] }, 'the header crit is not accepted'],
    ['of a compressed payload', { zip: 'DEF' }, 'the header zip is not accepted'],
    ['of a payload that is marked as encoded', { b64: true }, 'the header b64 is not accepted'],
    ['of an encrypted token', { enc: 'A256GCM' }, 'the header enc is not accepted'],
    ['of a token within a token', { cty: 'JWT' }, 'a token within a token is not accepted'],
    ['of a logout token', { typ: 'logout+jwt' }, 'the type of the token is not accepted'],
    ['of a DPoP proof', { typ: 'dpop+jwt' }, 'the type of the token is not accepted'],
    ['whose type is empty', { typ: '' }, 'the type of the token is not accepted'],
    ['whose type is not a string', { typ: ['JWT'] }, 'the type of the token is not accepted'],
    ['whose type is the word for an absent type', { typ: 'absent' }, 'the type of the token is not accepted'],
    ['whose key id is not a string', { kid: 1 }, 'the header kid is malformed'],
    ['whose key id is long', { kid: 'k'.repeat(257) }, 'the header kid is malformed'],
    ['without algorithm', { alg: undefined }, 'the algorithm is not accepted'],
    ['of the algorithm none', { alg: 'none' }, 'the algorithm is not accepted'],
    ['of the algorithm none, in another case', { alg: 'nOnE' }, 'the algorithm is not accepted'],
    ['of a list of algorithms', { alg: ['HS256'] }, 'the algorithm is not accepted'],
    ['of a name that every object inherits', { alg: 'toString' }, 'the algorithm is not accepted'],
  ])('%s', async (_, header, reason) => {
    const headerJson = JSON.stringify({ alg: 'HS256', kid: 'hs', ...header });
    expect(await refusalOf(hmacVerifier(), bearer(signBytes(json, headerJson)))).toBe(reason);
  });

  it.each([
    ['two algorithms', '{"alg":"HS256","kid":"hs","alg":"HS256"}', 'an object repeats a name'],
    ['two, one of them escaped', '{"alg":"HS256","kid":"hs","\\u0061lg":"HS256"}', 'an object repeats a name'],
    ['a list', '["HS256"]', 'this is not a signed JWT'],
    ['null', 'null', 'this is not a signed JWT'],
    ['malformed JSON', '{"alg":"HS256"', 'this is not a signed JWT'],
  ])('of %s', async (_, header, reason) => {
    expect(await refusalOf(hmacVerifier(), bearer(signBytes(json, header)))).toBe(reason);
  });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt', 'JWT', 'jwt'])(
    'but not with the type of an access token: %s',
    async (typ) => {
      const token = bearer(await signer.sign({}, { typ }));
      await expect(verifierOf([signer.jwk]).verify(token)).resolves.toEqual({ sub: 'ana' });
    },
  );

  it('without a type or with a general one if only access tokens are accepted', async () => {
    const strict = verifierOf([signer.jwk], { types: ['at+jwt'] });
    expect(await refusalOf(strict, bearer(await signer.sign()))).toBe('the type of the token is not accepted');
    expect(await refusalOf(strict, bearer(await signer.sign({}, { typ: 'JWT' })))).toMatch(/type/);
    await expect(strict.verify(bearer(await signer.sign({}, { typ: 'at+jwt' })))).resolves.toEqual({ sub: 'ana' });
  });

  it('and the configuration must name at least one type', () => {
    expect(() => verifierOf([signer.jwk], { types: [] })).toThrow('types');
    expect(() => verifierOf([signer.jwk], { types: [''] })).toThrow('types');
  });

  describe('if its own key signed it, and nobody fetches that key', () => {
    let other: Signer;
    let evil: JwksServer;
    beforeAll(async () => {
      other = await newSigner('k1');
      evil = await startJwksServer(other.jwk);
    });
    afterAll(() => evil.close());

    it.each<[string, () => Record<string, unknown>, string]>([
      ['jwk', () => ({ jwk: other.jwk }), 'the signature does not verify'],
      ['jku', () => ({ jku: evil.url.href }), 'the signature does not verify'],
      ['jku and an unknown kid', () => ({ jku: evil.url.href, kid: 'k2' }), 'the signing key is not known'],
      ['x5u', () => ({ x5u: evil.url.href }), 'the signature does not verify'],
      ['x5c', () => ({ x5c: ['AAAA'] }), 'the signature does not verify'],
      ['a kid that is a URL', () => ({ kid: evil.url.href }), 'the signing key is not known'],
    ])('%s', async (_, header, reason) => {
      expect(await refusalOf(verifierOf([signer.jwk]), bearer(await other.sign({}, header())))).toBe(reason);
      expect(evil.requests()).toBe(0);
    });

    it('although that server would give the key', async () => {
      const verifier = verifierOf([], { jwks: { url: evil.url } });
      await expect(verifier.verify(bearer(await other.sign()))).resolves.toEqual({ sub: 'ana' });
      expect(evil.requests()).toBe(1);
    });
  });
});

describe('Claims are refused', () => {
  const withMembers = (members: string): string => `${json.slice(0, -1)},${members}}`;

  it.each([
    ['a repeated subject', withMembers('"sub":"bia"'), 'an object repeats a name'],
    ['a repeated subject, once escaped', withMembers('"s\\u0075b":"bia"'), 'an object repeats a name'],
    ['a repeated name in a nested object', withMembers('"roles":[{"id":1,"id":2}]'), 'an object repeats a name'],
    [
      'a repeated name that every object inherits',
      withMembers('"__proto__":1,"__proto__":2'),
      'an object repeats a name',
    ],
    ['a repeated name after colons in strings', withMembers('"a":"::\\":","b":1,"b":1'), 'an object repeats a name'],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(withMembers('"a":"')), Buffer.from([0xff]), Buffer.from('"}')]), 'this is not a signed JWT'], // prettier-ignore
    ['a list', '[]', 'this is not a signed JWT'],
    ['a string', '"ana"', 'this is not a signed JWT'],
    ['a token', 'eyJhbGciOiJIUzI1NiJ9.e30.AA', 'this is not a signed JWT'],
    ['a fractional expiry', json.replace(/"exp":\d+/, `"exp":${NOW + 300}.5`), 'the claim exp is missing or malformed'], // prettier-ignore
    ['a fractional time of issue', json.replace(/"iat":\d+/, `"iat":${NOW}.25`), 'the claim iat is missing or malformed'], // prettier-ignore
    ['a fractional start', withMembers(`"nbf":${NOW}.5`), 'the claim nbf is missing or malformed'],
    ['a start that is not a number', withMembers(`"nbf":"${NOW}"`), 'the claim nbf is missing or malformed'],
    ['a start that is null', withMembers('"nbf":null'), 'the claim nbf is missing or malformed'],
    ['an expiry that is a string', json.replace(/"exp":(\d+)/, '"exp":"$1"'), 'the claim exp is missing or malformed'],
    ['an expiry beyond every date', json.replace(/"exp":\d+/, '"exp":1e15'), 'the claim exp is missing or malformed'],
    [
      'a time of issue before every date',
      json.replace(/"iat":\d+/, '"iat":-1'),
      'the claim iat is missing or malformed',
    ],
    ['a time of issue tomorrow', json.replace(/"iat":\d+/, `"iat":${NOW + 86_400}`), 'the token is not valid yet'],
    ['a subject that is a list', json.replace('"ana"', '["ana"]'), 'the claim sub is missing or malformed'],
    ['an issuer that is a list', json.replace(/"iss":("[^"]*")/, '"iss":[$1]'), 'the issuer is not accepted'],
  ])('with %s', async (_, claims, reason) => {
    expect(await refusalOf(hmacVerifier(), bearer(signBytes(claims)))).toBe(reason);
  });

  it('but not for colons in strings, for depth or for an empty name', async () => {
    const deep = `${'['.repeat(2_000)}{"":{"":":"}}${']'.repeat(2_000)}`;
    const claims = withMembers(`"a:b":"c:\\"d:\\\\","e":${deep},"f":{},"g":[{"a":1},{"a":2}]`);
    await expect(hmacVerifier().verify(bearer(signBytes(claims)))).resolves.toEqual({ sub: 'ana' });
  });
});

describe('Another spelling of a token is refused', () => {
  it.each<[string, (token: string) => string]>([
    ['with padding', (token) => token.replace('.', '=.')],
    ['in the alphabet of base64', (token) => `${token.slice(0, -2)}+/`],
    ['with a fourth segment', (token) => `${token}.AA`],
    ['with two segments', (token) => token.slice(0, token.lastIndexOf('.'))],
    ['with an empty signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
    ['with a line break inside', (token) => token.replace('.', '\n.')],
    ['with a space inside', (token) => token.replace('.', ' .')],
    ['with a second token', (token) => `${token}, Bearer ${token}`],
    ['with a comma at the end', (token) => `${token},`],
    ['with a non-breaking space at the end', (token) => `${token}\u00a0`],
    ['in the JSON serialization', (token) => JSON.stringify({ payload: token.split('.')[1] })],
    ['that is empty', () => ''],
    ['of dots only', () => '..'],
  ])('%s', async (_, spell) => {
    const verifier = verifierOf([signer.jwk]);
    const token = await signer.sign();
    expect(await refusalOf(verifier, `Bearer ${spell(token)}`)).toBe('this is not a signed JWT');
    await verifier.verify(bearer(token)); // the cached token does not answer for its other spellings
    expect(verifier.verifyCached(`Bearer ${spell(token)}`)).toBeUndefined();
  });

  it('with other unused trailing bits, in each of the three segments', async () => {
    const verifier = hmacVerifier();
    const token = signBytes(`${json.slice(0, -1)},"a":"${'x'.repeat(1)}"}`);
    for (const at of [0, 1, 2]) {
      const parts = token.split('.');
      const segment = parts[at]!;
      if (segment.length % 4 === 0) continue;
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      parts[at] = segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1)!) + 1];
      expect(await refusalOf(verifier, bearer(parts.join('.')))).toBe('this is not a signed JWT');
    }
  });

  it.each(['Bearer', 'Basic ', 'Bearer\t', 'Bearer:', 'DPoP ', 'Token ', ' Bearer '])(
    'and a token under another scheme counts as absent: %j',
    async (scheme) => {
      expect(await refusalOf(verifierOf([signer.jwk]), scheme + (await signer.sign()))).toBe('no bearer token');
    },
  );
});

describe('A key of the JWKS does not work', () => {
  const rsa = (bits: number): { jwk: JWK; pem: string } => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    return { jwk: { ...(publicKey.export({ format: 'jwk' }) as JWK), kid: 'rsa' }, pem };
  };
  const signedBy = (pem: string): string => {
    const input = `${base64url(JSON.stringify({ alg: 'RS256', kid: 'rsa' }))}.${base64url(json)}`;
    return `${input}.${createSign('RSA-SHA256').update(input).sign(createPrivateKey(pem), 'base64url')}`;
  };

  it('with fewer than 2,048 bits, not even behind leading zeros', async () => {
    const { jwk, pem } = rsa(1_024);
    const padded = base64url(Buffer.concat([Buffer.alloc(128), Buffer.from(jwk.n!, 'base64url')]));
    for (const n of [jwk.n, padded]) {
      expect(await refusalOf(verifierOf([{ ...jwk, n }]), bearer(signedBy(pem)))).toBe('the signing key is not known');
    }
    const good = rsa(2_048);
    await expect(verifierOf([good.jwk]).verify(bearer(signedBy(good.pem)))).resolves.toEqual({ sub: 'ana' });
  });

  it.each([
    ['an exponent of 1, which makes every message its own signature', { e: base64url(Uint8Array.of(1)) }],
    ['an even exponent', { e: base64url(Uint8Array.of(2)) }],
    ['no exponent', { e: undefined }],
    ['an even modulus', { n: base64url(Buffer.alloc(256, 0xfe)) }],
    ['a modulus too long to check', { n: base64url(Buffer.alloc(1_025, 0xff)) }],
    ['a use that is not signing', { use: 'enc' }],
    ['operations without verifying', { key_ops: ['sign'] }],
    ['operations that are not a list', { key_ops: 'verify' as never }],
    ['another algorithm', { alg: 'PS256' }],
    ['its private half', { d: 'AQ' }],
  ])('with %s', (_, change) => {
    const good = rsa(2_048).jwk;
    expect(keyFits(good, 'RS256')).toBe(true);
    expect(keyFits({ ...good, ...change } as JWK, 'RS256')).toBe(false);
  });

  it('with the weakness ROCA (CVE-2017-15361)', () => {
    const primorial = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157].reduce((product, prime) => product * BigInt(prime), 1n); // prettier-ignore
    let residue = 1n;
    for (let power = 0; power < 4_711; power++) residue = (residue * 65_537n) % primorial;
    const modulus = (1n << 2_047n) - ((1n << 2_047n) % primorial) + primorial + residue;
    expect(isRocaModulus(modulus)).toBe(true);
    const n = base64url(Buffer.from(modulus.toString(16).padStart(512, '0'), 'hex'));
    expect(keyFits({ kty: 'RSA', n, e: 'AQAB' }, 'RS256')).toBe(false);
    for (let count = 0; count < 3; count++) {
      expect(isRocaModulus(BigInt(`0x${Buffer.from(rsa(2_048).jwk.n!, 'base64url').toString('hex')}`))).toBe(false);
    }
  });

  it('beside another key with the same id and kind: a token must not choose between them', async () => {
    const other = await newSigner('k1');
    const verifier = verifierOf([signer.jwk, other.jwk]);
    expect(await refusalOf(verifier, bearer(await signer.sign()))).toBe('the signing key is not known');
    const otherKind = await newSigner('k1', 'EdDSA');
    await expect(verifierOf([signer.jwk, otherKind.jwk]).verify(bearer(await signer.sign()))).resolves.toEqual({
      sub: 'ana',
    });
  });

  it('as the secret of an HMAC if it is a public key', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'rsa' } as JWK;
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }) as string,
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
      Buffer.from(jwk.n!, 'base64url'),
    ];
    for (const secret of secrets) {
      const header = { alg: 'HS256', kid: 'rsa' };
      const {
        payload,
        protected: head,
        signature,
      } = await new FlattenedSign(Buffer.from(json))
        .setProtectedHeader(header)
        .sign(Buffer.from(secret).subarray(0, 512).length >= 32 ? Buffer.from(secret) : HMAC_KEY);
      const token = `${head}.${payload}.${signature}`;
      for (const algorithms of [undefined, ['RS256', 'HS256']] as const) {
        const verifier = verifierOf([jwk], algorithms ? { algorithms: [...algorithms] } : {});
        expect(await refusalOf(verifier, bearer(token))).toMatch(
          /^the (algorithm is not accepted|signing key is not known)$/,
        );
      }
    }
    expect(createPublicKey({ key: jwk as never, format: 'jwk' }).type).toBe('public');
  });
});

describe('A key set is refused', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['that redirects', (response) => response.writeHead(302, { location: '/other' }).end()],
    ['that is too large', (response) => response.end(`{"keys":[${' '.repeat(256 * 1_024)}]}`)],
    ['that never ends', (response) => void response.write('{"keys":[')],
    ['that is not JSON', (response) => response.end('<html>')],
    ['that is a list', (response) => response.end('[]')],
    ['with an error status', (response) => response.writeHead(500).end('{"keys":[]}')],
  ])('%s', async (_, answer) => {
    const server = await startJwksServer(signer.jwk);
    server.answer = answer;
    const verifier = verifierOf([], { jwks: { url: server.url } });
    await expect(verifier.verify(bearer(await signer.sign()))).rejects.toThrow('the key set (JWKS) could not be read');
    await server.close();
  });
});

describe('The cache of tokens', () => {
  it('is bounded in bytes, so that it holds fewer large tokens', async () => {
    const verifier = verifierOf([signer.jwk], { cacheMaxBytes: 100_000 });
    const headers: string[] = [];
    for (let count = 0; count < 12; count++) {
      const header = bearer(await signer.sign({ jti: String(count), padding: 'x'.repeat(1_500) }));
      headers.push(header);
      await verifier.verify(header);
    }
    const cachedHeaders = headers.filter((header) => verifier.verifyCached(header) !== undefined);
    expect(cachedHeaders.length).toBeGreaterThan(2);
    expect(cachedHeaders.length).toBeLessThan(10);
    expect(cachedHeaders).toContain(headers.at(-1));
  });
});

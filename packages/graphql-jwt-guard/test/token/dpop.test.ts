import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { InvalidTokenError, type RequestProof, type TokenVerifier } from '../../src/index.ts';
import { type DpopClient, newDpopClient } from './dpop-client.ts';
import { bearer, newSigner, NOW, type Signer } from './signer.ts';
import { clock, type Options, verifierOf, type Viewer } from './verifier-under-test.ts';

const ALGS = 'algs="PS256 ES256 EdDSA"';

let signer: Signer;
let client: DpopClient;
let token: string;
let verifier: TokenVerifier<Viewer>;

beforeAll(async () => {
  [signer, client] = await Promise.all([newSigner('k1'), newDpopClient()]);
  token = await signer.sign({ cnf: { jkt: client.jkt } });
});
beforeEach(() => {
  verifier = verifierOf([signer.jwk], { dpop: {} });
});

const request = (dpop: string | undefined, changes: Partial<RequestProof> = {}): RequestProof => ({
  method: 'GET',
  urls: ['https://api.example/graphql'],
  dpop,
  certificate: undefined,
  ...changes,
});

/** The challenge that a request gets; `accepted` if it gets none. */
const challengeTo = (header: string | undefined, proof?: RequestProof | 'checked'): Promise<string> =>
  verifier.verify(header, proof).then(
    () => 'accepted',
    (error: unknown) => {
      if (error instanceof InvalidTokenError) return error.wwwAuthenticate;
      throw error;
    },
  );
const invalidProof = (reason: string): string =>
  `DPoP error="invalid_dpop_proof", error_description="${reason}", ${ALGS}`;
const invalidToken = (reason: string): string => `DPoP error="invalid_token", error_description="${reason}", ${ALGS}`;

describe('A token that is bound to a DPoP key', () => {
  it.each(['PS256', 'ES256', 'EdDSA'])('is accepted with a proof of that key (%s)', async (alg) => {
    const other = await newDpopClient(alg);
    const bound = await signer.sign({ cnf: { jkt: other.jkt } });
    await expect(verifier.verify(`DPoP ${bound}`, request(await other.prove(bound)))).resolves.toEqual({ sub: 'ana' });
  });

  it('needs a new proof in each request, although the token is cached', async () => {
    await verifier.verify(`DPoP ${token}`, request(await client.prove(token)));
    expect(verifier.verifyCached(`DPoP ${token}`)).toBeUndefined();
    expect(verifier.verifyCached(bearer(token))).toBeUndefined();
    expect(await challengeTo(`DPoP ${token}`)).toBe(invalidProof('the DPoP proof is missing'));
    expect(await challengeTo(`dpop  ${token}`, request(await client.prove(token)))).toBe('accepted');
  });

  it('is refused with the scheme Bearer, with and without a proof', async () => {
    const refusal = `Bearer error="invalid_token", error_description="a token that is bound to a DPoP key has the scheme DPoP", DPoP ${ALGS}`;
    expect(await challengeTo(bearer(token), request(undefined))).toBe(refusal);
    expect(await challengeTo(bearer(token), request(await client.prove(token)))).toBe(refusal);
    expect(await challengeTo(bearer(token))).toBe(refusal);
  });

  it('is refused if DPoP is not accepted', async () => {
    verifier = verifierOf([signer.jwk]);
    expect(await challengeTo(`DPoP ${token}`, request(await client.prove(token)))).toBe('Bearer');
    expect(await challengeTo(bearer(token), request(await client.prove(token)))).toBe(
      'Bearer error="invalid_token", error_description="a token that is bound to a DPoP key is not accepted"',
    );
  });

  it('is accepted without a proof from a process that has checked it, which need not accept DPoP', async () => {
    for (const options of [{ dpop: {} }, {}]) {
      verifier = verifierOf([signer.jwk], options);
      expect(await challengeTo(`DPoP ${token}`, 'checked')).toBe('accepted');
    }
  });

  it('is refused if it is invalid, whatever its proof', async () => {
    const expired = await signer.sign({ cnf: { jkt: client.jkt }, iat: NOW - 100, exp: NOW - 50 });
    for (const proof of [request(await client.prove(expired)), 'checked'] as const) {
      expect(await challengeTo(`DPoP ${expired}`, proof)).toBe(invalidToken('the token has expired'));
    }
  });
});

it('a token without a bound key is refused with the scheme DPoP', async () => {
  const unbound = await signer.sign();
  expect(await challengeTo(`DPoP ${unbound}`, request(await client.prove(unbound)))).toBe(
    invalidToken('the token is not bound to a DPoP key'),
  );
  expect(await challengeTo(bearer(unbound), request(undefined))).toBe('accepted');
});

it('a request without a token is offered both schemes', async () => {
  for (const header of [undefined, '', 'Basic YQ==']) expect(await challengeTo(header)).toBe(`Bearer, DPoP ${ALGS}`);
});

describe('A DPoP proof is refused', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['for another method', { htm: 'POST' }, 'the DPoP proof is for another method'],
    ['for a method in other case', { htm: 'get' }, 'the DPoP proof is for another method'],
    ['without a method', { htm: undefined }, 'the DPoP proof is for another method'],
    ['for another host', { htu: 'https://evil.example/graphql' }, 'the DPoP proof is for another URL'],
    ['for another path', { htu: 'https://api.example/graphql/' }, 'the DPoP proof is for another URL'],
    ['for another scheme', { htu: 'http://api.example/graphql' }, 'the DPoP proof is for another URL'],
    ['for another port', { htu: 'https://api.example:8443/graphql' }, 'the DPoP proof is for another URL'],
    ['for a path without a host', { htu: '/graphql' }, 'the DPoP proof is for another URL'],
    ['without a URL', { htu: undefined }, 'the DPoP proof is for another URL'],
    ['for a list of URLs', { htu: ['https://api.example/graphql'] }, 'the DPoP proof is for another URL'],
    ['that is 61 s old', { iat: NOW - 61 }, 'the DPoP proof is not of this time'],
    ['from 11 s ahead', { iat: NOW + 11 }, 'the DPoP proof is not of this time'],
    ['without a time', { iat: undefined }, 'the DPoP proof is not of this time'],
    ['with a fractional time', { iat: NOW + 0.5 }, 'the DPoP proof is not of this time'],
    ['with a time that is a text', { iat: String(NOW) }, 'the DPoP proof is not of this time'],
    ['without an id', { jti: undefined }, 'the DPoP proof has no valid jti'],
    ['with an empty id', { jti: '' }, 'the DPoP proof has no valid jti'],
    ['with an id that is long', { jti: 'j'.repeat(256) }, 'the DPoP proof has no valid jti'],
    ['with an id that is a number', { jti: 7 }, 'the DPoP proof has no valid jti'],
    ['without a token', { ath: undefined }, 'the DPoP proof is for another token'],
    ['for another token', { ath: 'A'.repeat(43) }, 'the DPoP proof is for another token'],
  ])('%s', async (_, claims, reason) => {
    expect(await challengeTo(`DPoP ${token}`, request(await client.prove(token, claims)))).toBe(invalidProof(reason));
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['of the type of a token', { typ: 'JWT' }, 'this is not a DPoP proof'],
    ['without a type', { typ: undefined }, 'this is not a DPoP proof'],
    ['with an extension', { crit: ['b64'], b64: true }, 'this is not a DPoP proof'],
    ['without its key', { jwk: undefined }, 'the key of the DPoP proof is not accepted'],
    ['with a key that is a text', { jwk: 'k1' }, 'the key of the DPoP proof is not accepted'],
    ['with a key of another curve', { jwk: { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' } }, 'the key of the DPoP proof is not accepted'], // prettier-ignore
    ['with half a key', { jwk: { kty: 'EC', crv: 'P-256', x: 'AA' } }, 'the key of the DPoP proof is not accepted'],
    ['with a point that is not on its curve', { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }, 'the key of the DPoP proof is not accepted'], // prettier-ignore
  ])('%s', async (_, header, reason) => {
    const proof = await client.prove(token, {}, header);
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe(invalidProof(reason));
  });

  it('with the private half of its key', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...((await exportJWK(publicKey)) as JWK), d: 'AA' };
    expect(await challengeTo(`DPoP ${token}`, request(await client.prove(token, {}, { jwk })))).toBe(
      invalidProof('the key of the DPoP proof is not accepted'),
    );
  });

  it('of another key than that of the token', async () => {
    const thief = await newDpopClient();
    expect(await challengeTo(`DPoP ${token}`, request(await thief.prove(token)))).toBe(
      invalidToken('the token is bound to another DPoP key'),
    );
  });

  it('that names the key of the token, but another key signed it', async () => {
    const thief = await newDpopClient();
    const proof = await thief.prove(token, {}, { jwk: client.jwk });
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe(
      invalidProof('the signature of the DPoP proof does not verify'),
    );
  });

  it.each(['none', 'HS256', 'RS256', 'ES384'])('with the algorithm %s', async (alg) => {
    const header = { typ: 'dpop+jwt', alg, jwk: client.jwk };
    const parts = [header, { jti: 'x', htm: 'GET', htu: 'https://api.example/graphql', iat: NOW }];
    const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const proof = `${input}.${createHmac('sha256', JSON.stringify(client.jwk)).update(input).digest('base64url')}`;
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe(
      invalidProof('the algorithm of the DPoP proof is not accepted'),
    );
  });

  it.each<[string, (proof: string) => string, string]>([
    ['that is the token', () => token, 'this is not a DPoP proof'],
    ['of two segments', (proof) => proof.slice(0, proof.lastIndexOf('.')), 'this is not a signed JWT'],
    ['that comes twice', (proof) => `${proof}, ${proof}`, 'this is not a signed JWT'],
    ['with padding', (proof) => `${proof}=`, 'this is not a signed JWT'],
    ['that is empty', () => '', 'this is not a signed JWT'],
    ['that is larger than 8 KB', (proof) => proof + 'A'.repeat(8_192), 'the DPoP proof is too large'],
  ])('%s', async (_, change, reason) => {
    expect(await challengeTo(`DPoP ${token}`, request(change(await client.prove(token))))).toBe(invalidProof(reason));
  });

  it('with an RSA exponent that makes its check expensive', async () => {
    const rsa = await newDpopClient('PS256');
    const jwk = { ...rsa.jwk, e: Buffer.alloc(9, 0xff).toString('base64url') };
    expect(await challengeTo(`DPoP ${token}`, request(await rsa.prove(token, {}, { jwk })))).toBe(
      invalidProof('the key of the DPoP proof is not accepted'),
    );
  });

  it('the second time, also for another token of the same key', async () => {
    const proof = await client.prove(token);
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe('accepted');
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe(invalidProof('the DPoP proof was used before'));
    const second = await signer.sign({ cnf: { jkt: client.jkt }, jti: 'second' });
    const { jti } = JSON.parse(Buffer.from(proof.split('.')[1]!, 'base64url').toString()) as { jti: string };
    expect(await challengeTo(`DPoP ${second}`, request(await client.prove(second, { jti })))).toBe(
      invalidProof('the DPoP proof was used before'),
    );
  });

  it('the second time, until it would be too old anyway', async () => {
    const proof = await client.prove(token, { iat: NOW + 10 });
    await verifier.verify(`DPoP ${token}`, request(proof));
    clock.now += 69_000;
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe(invalidProof('the DPoP proof was used before'));
    clock.now += 2_000;
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe(invalidProof('the DPoP proof is not of this time'));
  });

  it('all but one of a hundred times at once', async () => {
    const proof = request(await client.prove(token));
    const answers = await Promise.all(Array.from({ length: 100 }, () => challengeTo(`DPoP ${token}`, proof)));
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1);
  });
});

describe('A DPoP proof is accepted', () => {
  it.each<[string, Record<string, unknown>, Partial<RequestProof>]>([
    ['60 s after its time', { iat: NOW - 60 }, {}],
    ['10 s before its time', { iat: NOW + 10 }, {}],
    ['for the URL with a query and a fragment', { htu: 'https://api.example/graphql?a=1#b' }, {}],
    ['for the URL in another spelling', { htu: 'HTTPS://API.example:443/./graphql' }, {}],
    ['for one of several URLs', {}, { urls: ['https://other.example/graphql', 'https://api.example/graphql?query=x'] }],
    ['with claims of the client’s own', { nonce: 'n', exp: NOW - 5, extra: { a: [1] } }, {}],
    ['with the id of another client', { jti: 'shared' }, {}],
  ])('%s', async (_, claims, changes) => {
    const other = await newDpopClient();
    const boundToOther = await signer.sign({ cnf: { jkt: other.jkt } });
    await verifier.verify(`DPoP ${boundToOther}`, request(await other.prove(boundToOther, { jti: 'shared' })));
    expect(await challengeTo(`DPoP ${token}`, request(await client.prove(token, claims), changes))).toBe('accepted');
  });
});

describe('The claim cnf', () => {
  const refusal = `error_description="the claim cnf has a key that cannot be checked"`;
  it.each<[unknown]>([
    [null],
    [{}],
    [[]],
    ['jkt'],
    [{ jwk: { kty: 'EC' } }],
    [{ kid: 'k1' }],
    [{ jku: 'https://evil.example' }],
    [{ jkt: 'short' }],
    [{ jkt: ['A'.repeat(43)] }],
    [{ jkt: null }],
    [{ 'x5t#S256': 7 }],
    [{ 'x5t#S256': 'A'.repeat(43), kid: 'k1' }],
  ])('of another form is refused, also from a process that has checked it: %j', async (cnf) => {
    const bound = await signer.sign({ cnf });
    for (const scheme of ['Bearer', 'DPoP']) {
      expect(await challengeTo(`${scheme} ${bound}`, 'checked')).toContain(refusal);
      expect(await challengeTo(`${scheme} ${bound}`, request(await client.prove(bound)))).toContain(refusal);
    }
  });
});

describe('The options of DPoP', () => {
  it.each<[string, Options['dpop'] & object]>([
    ['algorithms', { algorithms: [] }],
    ['algorithms', { algorithms: ['ES256', 'HS256'] }],
    ['maxAgeSeconds', { maxAgeSeconds: 0 }],
  ])('cannot disable a check (%s)', (word, dpop) => {
    expect(() => verifierOf([signer.jwk], { dpop })).toThrow(word);
  });

  it('set the algorithms, the age, and where used proofs are remembered', async () => {
    const used: string[] = [];
    const proofs = {
      isFirstUse: async (id: string) => {
        const isFirst = !used.includes(id);
        used.push(id);
        return isFirst;
      },
    };
    verifier = verifierOf([signer.jwk], { dpop: { algorithms: ['ES256'], maxAgeSeconds: 5, proofs } });
    const proof = await client.prove(token);
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toBe('accepted');
    expect(await challengeTo(`DPoP ${token}`, request(proof))).toMatch('was used before');
    expect(used[0]).toMatch(/^[\w-]{43}$/);
    const old = await client.prove(token, { iat: NOW - 6 });
    expect(await challengeTo(`DPoP ${token}`, request(old))).toMatch(/not of this time.*algs="ES256"$/);
  });
});

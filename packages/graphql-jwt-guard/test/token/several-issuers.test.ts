import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTokenVerifier, KeysUnavailableError, type TokenVerifier } from '../../src/index.ts';
import { startJwksServer, type JwksServer } from './jwks-server.ts';
import { AUDIENCE, bearer, ISSUER, newSigner, type Signer } from './signer.ts';
import { clock, refusalOf, type Viewer } from './verifier-under-test.ts';

const PARTNER = 'https://partner.example';

let ours: Signer;
let theirs: Signer;
let ourServer: JwksServer;
let theirServer: JwksServer;
let verifier: TokenVerifier<Viewer>;

beforeAll(async () => {
  // The same id, as two issuers may choose it.
  [ours, theirs] = await Promise.all([newSigner('k1'), newSigner('k1')]);
});
beforeEach(async () => {
  [ourServer, theirServer] = await Promise.all([startJwksServer(ours.jwk), startJwksServer(theirs.jwk)]);
  verifier = createTokenVerifier<Viewer>({
    issuers: [
      { issuer: ISSUER, audiences: [AUDIENCE], jwks: { url: ourServer.url } },
      {
        issuer: PARTNER,
        audiences: ['partner-api', 'partner-batch'],
        jwks: { url: theirServer.url },
        algorithms: ['ES256'],
        types: ['at+jwt'],
        maxLifetimeSeconds: 60,
      },
    ],
    clock: () => clock.now,
    toViewer: ({ sub }) => ({ sub }),
  });
});
afterEach(() => Promise.all([ourServer.close(), theirServer.close()]));

const partnerClaims = { iss: PARTNER, aud: 'partner-api', exp: Math.floor(1_795_000_000) + 60 };
const partnerToken = async (claims = {}, header = {}, signer = theirs): Promise<string> =>
  bearer(await signer.sign({ ...partnerClaims, ...claims }, { typ: 'at+jwt', ...header }));

const unavailable = (response: ServerResponse): void => void response.writeHead(503).end();

describe('A token of one of several issuers', () => {
  it('is verified by the keys of its issuer', async () => {
    await expect(verifier.verify(bearer(await ours.sign()))).resolves.toEqual({ sub: 'ana' });
    await expect(verifier.verify(await partnerToken())).resolves.toEqual({ sub: 'ana' });
    await expect(verifier.verify(await partnerToken({ aud: 'partner-batch' }))).resolves.toEqual({ sub: 'ana' });
  });

  it('is refused with the key of another issuer', async () => {
    expect(await refusalOf(verifier, bearer(await theirs.sign()))).toBe('the signature does not verify');
    expect(await refusalOf(verifier, await partnerToken({}, {}, ours))).toBe('the signature does not verify');
    const named = await newSigner('only-ours');
    ourServer.keys = [named.jwk];
    expect(await refusalOf(verifier, await partnerToken({}, {}, named))).toBe('the signing key is not known');
  });

  it('is refused with the audience of another issuer', async () => {
    expect(await refusalOf(verifier, await partnerToken({ aud: AUDIENCE }))).toBe('the audience is not accepted');
    expect(await refusalOf(verifier, bearer(await ours.sign({ aud: 'partner-api' })))).toBe(
      'the audience is not accepted',
    );
  });

  it('meets the rules of its issuer alone', async () => {
    expect(await refusalOf(verifier, await partnerToken({}, { typ: 'JWT' }))).toMatch('type');
    expect(await refusalOf(verifier, await partnerToken({ exp: partnerClaims.exp + 1 }))).toMatch('too long');
    const rsa = await newSigner('rsa', 'PS256');
    theirServer.keys = [rsa.jwk];
    ourServer.keys = [rsa.jwk];
    expect(await refusalOf(verifier, await partnerToken({}, {}, rsa))).toBe('the algorithm is not accepted');
    await expect(verifier.verify(bearer(await rsa.sign()))).resolves.toEqual({ sub: 'ana' });
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }, 'the issuer is not accepted'],
    ['an issuer with a slash at the end', { iss: `${PARTNER}/` }, 'the issuer is not accepted'],
    ['an issuer in other case', { iss: PARTNER.toUpperCase() }, 'the issuer is not accepted'],
    ['a name that every object inherits', { iss: 'constructor' }, 'the issuer is not accepted'],
    ['both issuers', { iss: [ISSUER, PARTNER] as never }, 'the issuer is not accepted'],
    ['no issuer', { iss: undefined }, 'the claim iss is missing or malformed'],
  ])('is refused before any key is read if it names %s', async (_, claims, reason) => {
    expect(await refusalOf(verifier, await partnerToken(claims))).toBe(reason);
    expect([ourServer.requests(), theirServer.requests()]).toEqual([0, 0]);
  });
});

describe('While the key set of one issuer cannot be read', () => {
  beforeEach(() => {
    theirServer.answer = unavailable;
  });

  it('only its own tokens are lost', async () => {
    await expect(verifier.verify(await partnerToken())).rejects.toBeInstanceOf(KeysUnavailableError);
    await expect(verifier.verify(bearer(await ours.sign()))).resolves.toEqual({ sub: 'ana' });
  });

  it('the verifier is ready, and says which keys are missing', async () => {
    await expect(verifier.ready()).resolves.toBeUndefined();
    await expect(verifier.issuers[1]!.ready()).rejects.toBeInstanceOf(KeysUnavailableError);
    expect(verifier.issuers.map(({ issuer, state }) => [issuer, state()])).toEqual([
      [ISSUER, 'current'],
      [PARTNER, 'missing'],
    ]);
  });

  it('does not wait for it to be ready', async () => {
    theirServer.answer = () => undefined;
    const started = performance.now();
    await verifier.ready();
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('it is ready again when that key set is back, and stale when it is lost later', async () => {
    const { ready, state } = verifier.issuers[1]!;
    await expect(ready()).rejects.toBeInstanceOf(KeysUnavailableError);
    theirServer.answer = undefined;
    clock.now += 1_000;
    await ready();
    expect(state()).toBe('current');
    theirServer.answer = unavailable;
    clock.now += 60_000;
    await ready();
    expect(state()).toBe('stale');
    clock.now += 24 * 60 * 60_000;
    expect(state()).toBe('missing');
  });
});

it('the keys of an issuer stay valid while somebody asks for their state, although no token comes', async () => {
  const { ready, state } = verifier.issuers[0]!;
  await ready();
  for (let hours = 0; hours < 48; hours += 8) {
    clock.now += 8 * 60 * 60_000;
    const requests = ourServer.requests();
    expect(state()).not.toBe('missing');
    while (ourServer.requests() === requests) await sleep(5);
    await sleep(50); // the answer arrives
  }
});

it('is not ready while no key set can be read', async () => {
  ourServer.answer = unavailable;
  theirServer.answer = unavailable;
  await expect(verifier.ready()).rejects.toBeInstanceOf(KeysUnavailableError);
});

it('the options may not have an issuer twice', () => {
  const issuer = { issuer: ISSUER, audiences: [AUDIENCE], jwks: { url: ourServer.url } };
  expect(() => createTokenVerifier({ issuers: [issuer, issuer], toViewer: () => ({}) })).toThrow('twice');
});

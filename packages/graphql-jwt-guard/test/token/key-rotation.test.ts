import type { ServerResponse } from 'node:http';
import { createTokenVerifier, InvalidTokenError, KeysUnavailableError, type TokenVerifier } from '../../src/index.ts';
import { startJwksServer, type JwksServer } from './jwks-server.ts';
import { AUDIENCE, bearer, ISSUER, newSigner, NOW, type Signer } from './signer.ts';

type Viewer = { sub: string | undefined };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let server: JwksServer;
let oldSigner: Signer;
let nextSigner: Signer;
let now: number;
let verifier: TokenVerifier<Viewer>;

beforeAll(async () => {
  [oldSigner, nextSigner] = await Promise.all([newSigner('old'), newSigner('next')]);
});
beforeEach(async () => {
  server = await startJwksServer(oldSigner.jwk);
  now = NOW * SECOND;
  verifier = verifierOf(server);
});
afterEach(() => server.close());

const verifierOf = ({ url }: JwksServer): TokenVerifier<Viewer> =>
  createTokenVerifier({
    issuers: [{ jwks: { url }, issuer: ISSUER, audiences: [AUDIENCE], maxLifetimeSeconds: 2 * 86_400 }],
    clock: () => now,
    toViewer: ({ sub }) => ({ sub }),
  });

const token = async (signer: Signer, sub = 'ana'): Promise<string> =>
  bearer(await signer.sign({ sub, exp: NOW + 80_000 }));

/** Waits for a read in the background. A token with an unknown key waits for it, and does not start another one. */
async function waitForRead(): Promise<void> {
  const header = bearer(await nextSigner.sign({}, { kid: 'unknown' }));
  await expect(verifier.verify(header)).rejects.toThrow('the signing key is not known');
}

const unavailable = (response: ServerResponse): void => {
  response.writeHead(503).end('{"keys":[]}');
};

describe('the key set', () => {
  it('is read once for concurrent callers', async () => {
    const headers = await Promise.all([token(oldSigner, 'ana'), token(oldSigner, 'bia'), token(oldSigner, 'caio')]);
    await Promise.all([verifier.ready(), ...headers.map((header) => verifier.verify(header))]);
    expect(server.requests()).toBe(1);
  });

  it('is read at most once in 30 s, however many tokens name unknown keys', async () => {
    await verifier.ready();
    const header = bearer(await nextSigner.sign({}, { kid: 'made-up' }));
    for (let second = 1; second < 300; second++) {
      now += SECOND;
      const uses = Array.from({ length: 10 }, () => verifier.verify(header));
      for (const use of uses) await expect(use).rejects.toThrow('the signing key is not known');
    }
    expect(server.requests()).toBe(1 + Math.floor(299 / 30));
  });

  it('is read again for an unknown key, 30 s after the last read and not sooner', async () => {
    await verifier.ready();
    server.keys = [oldSigner.jwk, nextSigner.jwk];
    const header = await token(nextSigner);
    now += 29 * SECOND;
    await expect(verifier.verify(header)).rejects.toBeInstanceOf(InvalidTokenError);
    expect(server.requests()).toBe(1);
    now += SECOND;
    await expect(verifier.verify(header)).resolves.toEqual({ sub: 'ana' });
    expect(server.requests()).toBe(2);
  });

  it('invalidates the cached tokens of a removed key, and no others', async () => {
    server.keys = [oldSigner.jwk, nextSigner.jwk];
    const [oldToken, nextToken] = [await token(oldSigner), await token(nextSigner)];
    await verifier.verify(oldToken);
    const viewer = await verifier.verify(nextToken);
    server.keys = [nextSigner.jwk];
    now += 30 * SECOND;
    // This use starts the read and does not wait for it.
    expect(verifier.verifyCached(oldToken)).toEqual({ sub: 'ana' });
    await waitForRead();
    expect(verifier.verifyCached(oldToken)).toBeUndefined();
    await expect(verifier.verify(oldToken)).rejects.toThrow('the signing key is not known');
    expect(verifier.verifyCached(nextToken)).toBe(viewer);
    expect(server.requests()).toBe(2);
  });

  it('invalidates the cached tokens of a key that a later read removes', async () => {
    const header = await token(oldSigner);
    await verifier.verify(header);
    for (const [requests, keys] of [
      [2, [oldSigner.jwk, nextSigner.jwk]],
      [3, [nextSigner.jwk]],
    ] as const) {
      server.keys = keys;
      now += 30 * SECOND;
      expect(verifier.verifyCached(header)).toEqual({ sub: 'ana' });
      await waitForRead();
      expect(server.requests()).toBe(requests);
    }
    expect(verifier.verifyCached(header)).toBeUndefined();
  });

  it('treats a key with a known id and other content as another key', async () => {
    const header = await token(oldSigner);
    await verifier.verify(header);
    server.keys = [{ ...nextSigner.jwk, kid: 'old' }];
    now += MINUTE;
    await expect(verifier.verify(header)).rejects.toThrow('the signature does not verify');
  });

  it('is read before the answer after a minute without use, so that a removed key does not pass once more', async () => {
    const header = await token(oldSigner);
    await verifier.verify(header);
    server.keys = [nextSigner.jwk];
    now += MINUTE;
    expect(verifier.verifyCached(header)).toBeUndefined();
    const uses = Array.from({ length: 5 }, () => verifier.verify(header));
    for (const use of uses) await expect(use).rejects.toThrow('the signing key is not known');
    expect(server.requests()).toBe(2);
  });

  it('changes hands within a minute, whenever the tokens of both keys come', async () => {
    const [oldToken, nextToken] = [await token(oldSigner), await token(nextSigner)];
    await verifier.verify(oldToken);
    now += 1;
    server.keys = [nextSigner.jwk];
    for (let second = 1; second <= 60; second++) {
      now += SECOND;
      await Promise.allSettled([verifier.verify(oldToken), verifier.verify(nextToken)]);
    }
    await expect(verifier.verify(oldToken)).rejects.toThrow('the signing key is not known');
    await expect(verifier.verify(nextToken)).resolves.toEqual({ sub: 'ana' });
    expect(server.requests()).toBeLessThanOrEqual(3);
  });

  it('invalidates all tokens when it is empty', async () => {
    const header = await token(oldSigner);
    await verifier.verify(header);
    server.keys = [];
    now += 2 * MINUTE;
    await expect(verifier.verify(header)).rejects.toThrow('the signing key is not known');
  });

  it('is read again after the clock was set back', async () => {
    await verifier.ready();
    now -= 30 * MINUTE;
    await expect(verifier.ready()).resolves.toBeUndefined();
    expect(server.requests()).toBe(2);
  });
});

describe('while the key set cannot be read', () => {
  it('the last keys work for 24 hours, and no longer', async () => {
    const header = bearer(await oldSigner.sign({ exp: NOW + 2 * 86_400 }));
    await verifier.verify(header);
    server.answer = unavailable;
    for (let hour = 1; hour < 24; hour++) {
      now += 60 * MINUTE;
      await expect(verifier.verify(header)).resolves.toEqual({ sub: 'ana' });
    }
    now += 60 * MINUTE - 1;
    await expect(verifier.verify(header)).resolves.toEqual({ sub: 'ana' });
    now += MINUTE;
    expect(verifier.verifyCached(header)).toBeUndefined();
    await expect(verifier.verify(header)).rejects.toBeInstanceOf(KeysUnavailableError);
    server.answer = undefined;
    now += SECOND;
    await expect(verifier.verify(header)).resolves.toEqual({ sub: 'ana' });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['a status that is not 200', unavailable],
    ['no JSON', (response) => void response.end('<html>')],
    ['JSON without keys', (response) => void response.end('{"error":"x"}')],
    ['JSON that is not an object', (response) => void response.end('null')],
    ['more than 256 KB', (response) => void response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(300_000) }))],
    ['a redirect', (response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a closed connection', (response) => void response.destroy()],
  ])('because of %s, it does not count as empty', async (_what, answer) => {
    const header = await token(oldSigner);
    await verifier.verify(header);
    server.answer = answer;
    now += 2 * MINUTE;
    await expect(verifier.verify(header)).resolves.toEqual({ sub: 'ana' });
    await expect(verifierOf(server).ready()).rejects.toBeInstanceOf(KeysUnavailableError);
    expect(server.requests()).toBe(3);
  });

  it('a read ends after two seconds', async () => {
    server.answer = () => undefined;
    const started = performance.now();
    await expect(verifier.ready()).rejects.toBeInstanceOf(KeysUnavailableError);
    expect(performance.now() - started).toBeGreaterThan(1_900);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('it is read at most once a second', async () => {
    server.answer = unavailable;
    for (let i = 0; i < 5; i++) await expect(verifier.ready()).rejects.toBeInstanceOf(KeysUnavailableError);
    expect(server.requests()).toBe(1);
    server.answer = undefined;
    now += SECOND;
    await expect(verifier.ready()).resolves.toBeUndefined();
    expect(server.requests()).toBe(2);
  });
});

import { hash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { TestServer } from '../http/test-server.ts';
import { newIssuer, serveTokenDoor } from './token-door.ts';

let door: TestServer;
let token: string;
let boundToken: string;
let proofKey: { readonly jwk: JWK; readonly privateKey: CryptoKey };
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  const issuer = await newIssuer('https://idp.example');
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  proofKey = { jwk: await exportJWK(publicKey), privateKey };
  token = await issuer.sign();
  boundToken = await issuer.sign({ cnf: { jkt: await calculateJwkThumbprint(proofKey.jwk) } });
  door = await serveTokenDoor(issuer, { DPOP_URLS: 'https://api.example' });
});
afterAll(async () => {
  agent.destroy();
  await door.close();
});

async function ask(headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const options = { host: '127.0.0.1', port: door.port, path: '/cliente/ana', headers, agent };
  const [response] = (await once(request(options).end(), 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, text: (await response.toArray()).join('') };
}

/** What may happen to a signed JWT on its way. Each mutation gets three numbers from 0 to 1 and a text. */
type Mutation = (jwt: string, at: number, to: number, text: string) => string;
const indexAt = (items: { length: number }, at: number): number => Math.floor(at * items.length);

/** Changes a member of the header or of the claims, and keeps the signature. */
const withMember =
  (segment: 0 | 1, value: (before: unknown, text: string) => unknown): Mutation =>
  (jwt, at, _to, text) => {
    const segments = jwt.split('.');
    const members = Object.entries(JSON.parse(Buffer.from(segments[segment]!, 'base64url').toString()) as object);
    const member = members[indexAt(members, at)]!;
    member[1] = value(member[1], text);
    segments[segment] = Buffer.from(JSON.stringify(Object.fromEntries(members))).toString('base64url');
    return segments.join('.');
  };
const values: ((before: unknown, text: string) => unknown)[] = [
  (_before, text) => text,
  (before) => [before],
  (before) => (typeof before === 'number' ? before + 1 : { before }),
  () => null,
  () => undefined,
  (before) => before,
];
const mutations: readonly Mutation[] = [
  (jwt, at, _to, text) => jwt.slice(0, indexAt(jwt, at)) + text + jwt.slice(indexAt(jwt, at)),
  (jwt, at, to) => jwt.slice(0, indexAt(jwt, Math.min(at, to))) + jwt.slice(indexAt(jwt, Math.max(at, to))),
  (jwt, at, to) => {
    const [from, into] = [indexAt(jwt, at), indexAt(jwt, to)];
    return jwt.slice(0, into) + jwt[from] + jwt.slice(into + 1);
  },
  (jwt, at) => {
    const index = indexAt(jwt, at);
    const letter = jwt[index]!;
    const other = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
    return jwt.slice(0, index) + other + jwt.slice(index + 1);
  },
  (jwt, at, to) => {
    const segments = jwt.split('.');
    [segments[indexAt(segments, at)], segments[indexAt(segments, to)]] = [segments[indexAt(segments, to)]!, segments[indexAt(segments, at)]!]; // prettier-ignore
    return segments.join('.');
  },
  (jwt, at, _to, text) => {
    const segments = jwt.split('.');
    segments[indexAt(segments, at)] = Buffer.from(text).toString('base64url');
    return segments.join('.');
  },
  ...values.map((value) => withMember(0, value)),
  ...values.map((value) => withMember(1, value)),
];

/** Characters that HTTP allows in the value of a header. */
const headerText = fc.string({ unit: fc.constantFrom(...'AaZz09-_.=+/ ,"{}:\t%é\u00a0'), maxLength: 12 });
const number = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const mutation = fc.record({ mutate: fc.constantFrom(...mutations), at: number, to: number, text: headerText });
const mutated = (jwt: string, steps: readonly { mutate: Mutation; at: number; to: number; text: string }[]): string =>
  steps.reduce((text, { mutate, at, to, text: inserted }) => {
    try {
      return mutate(text, at, to, inserted);
    } catch {
      return text; // an earlier step left no JSON to change
    }
  }, jwt);
const steps = fc.array(mutation, { minLength: 1, maxLength: 3 });

/** HTTP does not count blanks around the value of a header. */
const trimmed = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

it('A mutated token is accepted only if it is the same token, and never causes a 5xx', async () => {
  const accepted: string[] = [];
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.constantFrom('Bearer ', 'bearer ', 'Bearer   ', 'Bearer', ''),
      async (changes, scheme) => {
        const value = trimmed(scheme + mutated(token, changes));
        const { status, text } = await ask({ authorization: value });
        const isSame = /^bearer +/i.test(value) && value.replace(/^bearer +/i, '') === token;
        expect({ status, value }).toEqual({ status: isSame ? 200 : 401, value });
        if (isSame) accepted.push(text);
        else expect(JSON.parse(text)).toMatchObject({ code: 'UNAUTHENTICATED' });
      },
    ),
    generatedProperty(2_000),
  );
  // The property has seen both.
  expect(accepted.length).toBeGreaterThan(5);
}, 120_000);

it('A mutated DPoP proof is accepted only if it is the same proof, and never causes a 5xx', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (changes) => {
      const proof =
        await new SignJWT({ jti: randomUUID(), htm: 'GET', htu: 'https://api.example/cliente/ana', ath: hash('sha256', boundToken, 'base64url') }) // prettier-ignore
          .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: proofKey.jwk })
          .setIssuedAt()
          .sign(proofKey.privateKey);
      const dpop = trimmed(mutated(proof, changes));
      const { status } = await ask({ authorization: `DPoP ${boundToken}`, dpop });
      expect({ status, dpop }).toEqual({ status: dpop === proof ? 200 : 401, dpop });
      if (status === 200) accepted++;
    }),
    generatedProperty(2_000),
  );
  expect(accepted).toBeGreaterThan(5);
}, 120_000);

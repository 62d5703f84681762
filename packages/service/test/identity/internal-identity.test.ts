import { fixedClock } from '@pessoa/domain/data';
import fc from 'fast-check';
import {
  type InternalCall,
  internalIdentitySigner,
  readInternalIdentity,
} from '../../src/identity/internal-identity.ts';

const KEY = Buffer.alloc(32, 1);
const NOW = '2026-11-22T15:00:00.000Z';
const clockAt = (seconds: number) => fixedClock(new Date(Date.parse(NOW) + seconds * 1_000).toISOString());
const CALL: InternalCall = {
  subgraph: 'debt',
  method: 'POST',
  path: '/graphql',
  authorization: 'Bearer a.b.c',
  finalidade: '',
};
const BODY = '{"query":"{ pessoa }"}';

describe('The router’s identity', () => {
  const identity = internalIdentitySigner(KEY, clockAt(0))(CALL, BODY);
  const isAccepted = (header: unknown, call: Partial<InternalCall> = {}, seconds = 0, key: Uint8Array = KEY): boolean =>
    readInternalIdentity(key, header, { ...CALL, ...call }, clockAt(seconds)) !== undefined;

  it('is accepted with the same key, when clocks differ by at most 30 s', () => {
    for (const seconds of [0, 29, 30, -30]) expect(isAccepted(identity, {}, seconds)).toBe(true);
    for (const seconds of [31, 3_600, -31]) expect(isAccepted(identity, {}, seconds)).toBe(false);
    expect(isAccepted(identity, {}, 0, Buffer.alloc(32, 2))).toBe(false);
  });

  it.each<[string, Partial<InternalCall>]>([
    ['token', { authorization: 'Bearer d.e.f' }],
    ['call, without its token', { authorization: '' }],
    ['subgraph', { subgraph: 'score' }],
    ['method', { method: 'GET' }],
    ['path', { path: '/graphql?query={a}' }],
    ['purpose', { finalidade: 'ORDEM_JUDICIAL' }],
  ])('is refused with another %s', (_, call) => expect(isAccepted(identity, call)).toBe(false));

  it('is valid for one body, so that a replay can only repeat the same request', () => {
    const readIdentity = readInternalIdentity(KEY, identity, CALL, clockAt(0));
    for (const body of [BODY, Buffer.from(BODY)]) expect(readIdentity?.matchesBody(body)).toBe(true);
    for (const body of [`${BODY} `, '']) expect(readIdentity?.matchesBody(body)).toBe(false);
  });

  it('is refused with a changed time or a changed digest', () => {
    const [, digest, signature] = identity.split('.') as [string, string, string];
    expect(isAccepted(`${clockAt(60).now().getTime()}.${digest}.${signature}`, {}, 60)).toBe(false);
    const [issuedAt, otherDigest] = internalIdentitySigner(Buffer.alloc(32, 2), clockAt(0))(CALL, 'another').split('.');
    expect(isAccepted(`${issuedAt}.${otherDigest}.${signature}`)).toBe(false);
  });

  it.each([
    [undefined],
    [[identity]],
    [''],
    ['.'],
    ['..'],
    [`${Date.parse(NOW)}..`],
    [identity.slice(0, -4)],
    [`x${identity}`],
    [`${identity}.`],
  ])('is refused in any other form: %j', (header) => expect(isAccepted(header)).toBe(false));

  it('is never a random text', () => {
    fc.assert(fc.property(fc.string(), (text) => !isAccepted(text)));
    fc.assert(
      fc.property(
        fc.base64String(),
        fc.base64String(),
        (digest, signature) => !isAccepted(`${Date.parse(NOW)}.${digest}.${signature}`),
      ),
    );
  });
});

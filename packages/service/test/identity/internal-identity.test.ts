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
  const isKnown = (header: unknown, call: Partial<InternalCall> = {}, seconds = 0, key: Uint8Array = KEY): boolean =>
    readInternalIdentity(key, header, { ...CALL, ...call }, clockAt(seconds)) !== undefined;

  it('is known by who has the same key, for 30 s either way', () => {
    for (const seconds of [0, 29, 30, -30]) expect(isKnown(identity, {}, seconds)).toBe(true);
    for (const seconds of [31, 3_600, -31]) expect(isKnown(identity, {}, seconds)).toBe(false);
    expect(isKnown(identity, {}, 0, Buffer.alloc(32, 2))).toBe(false);
  });

  it.each<[string, Partial<InternalCall>]>([
    ['token', { authorization: 'Bearer d.e.f' }],
    ['token, none', { authorization: '' }],
    ['subgraph', { subgraph: 'score' }],
    ['method', { method: 'GET' }],
    ['path', { path: '/graphql?query={a}' }],
    ['purpose', { finalidade: 'ORDEM_JUDICIAL' }],
  ])('is of no use with another %s', (_, call) => expect(isKnown(identity, call)).toBe(false));

  it('is of one body: a replay can only ask again what was asked', () => {
    const read = readInternalIdentity(KEY, identity, CALL, clockAt(0));
    for (const [body, isOfIt] of [
      [BODY, true],
      [Buffer.from(BODY), true],
      [`${BODY} `, false],
      ['', false],
    ] as const)
      // prettier-ignore
      expect({ body, isOfIt: read?.matchesBody(body) }).toEqual({ body, isOfIt });
  });

  it('cannot be made younger, nor be given another body', () => {
    const [, digest, signature] = identity.split('.') as [string, string, string];
    expect(isKnown(`${clockAt(60).now().getTime()}.${digest}.${signature}`, {}, 60)).toBe(false);
    const [issuedAt, otherDigest] = internalIdentitySigner(Buffer.alloc(32, 2), clockAt(0))(CALL, 'another').split('.');
    expect(isKnown(`${issuedAt}.${otherDigest}.${signature}`)).toBe(false);
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
  ])('is nothing else: %j', (header) => expect(isKnown(header)).toBe(false));

  it('is no text that comes by chance', () => {
    fc.assert(fc.property(fc.string(), (text) => !isKnown(text)));
    fc.assert(
      fc.property(fc.base64String(), fc.base64String(), (one, other) => !isKnown(`${Date.parse(NOW)}.${one}.${other}`)),
    );
  });
});

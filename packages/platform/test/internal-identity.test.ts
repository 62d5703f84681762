import { fixedClock } from '@pessoa/domain/data';
import fc from 'fast-check';
import { internalIdentitySigner, isInternalIdentity } from '../src/internal-identity.ts';

const KEY = Buffer.alloc(32, 1);
const NOW = '2026-11-22T15:00:00.000Z';
const clockAt = (seconds: number) => fixedClock(new Date(Date.parse(NOW) + seconds * 1_000).toISOString());
const TOKEN = 'Bearer a.b.c';

describe('The router’s identity', () => {
  const identity = internalIdentitySigner(KEY, clockAt(0))(TOKEN);

  it('is known by who has the same key, for 30 s either way', () => {
    for (const seconds of [0, 29, 30, -30])
      expect(isInternalIdentity(KEY, identity, TOKEN, clockAt(seconds))).toBe(true);
    for (const seconds of [31, 3_600, -31])
      expect(isInternalIdentity(KEY, identity, TOKEN, clockAt(seconds))).toBe(false);
  });

  it('is of no use with another token or another key', () => {
    expect(isInternalIdentity(KEY, identity, 'Bearer d.e.f', clockAt(0))).toBe(false);
    expect(isInternalIdentity(KEY, identity, '', clockAt(0))).toBe(false);
    expect(isInternalIdentity(Buffer.alloc(32, 2), identity, TOKEN, clockAt(0))).toBe(false);
  });

  it('cannot be made younger', () => {
    const [, signature] = identity.split('.');
    expect(isInternalIdentity(KEY, `${clockAt(60).now().getTime()}.${signature}`, TOKEN, clockAt(60))).toBe(false);
  });

  it.each([[undefined], [[identity]], [''], ['.'], [`${Date.parse(NOW)}.`], [identity.slice(0, -4)], [`x${identity}`]])(
    'is nothing else: %j',
    (header) => expect(isInternalIdentity(KEY, header, TOKEN, clockAt(0))).toBe(false),
  );

  it('is no text that comes by chance', () => {
    fc.assert(fc.property(fc.string(), (text) => !isInternalIdentity(KEY, text, TOKEN, clockAt(0))));
    fc.assert(
      fc.property(
        fc.base64String(),
        (text) => !isInternalIdentity(KEY, `${Date.parse(NOW)}.${text}`, TOKEN, clockAt(0)),
      ),
    );
  });

  it('is signed anew before it is too old, and for each token', () => {
    const clock = { instant: Date.parse(NOW), now: () => new Date(clock.instant) };
    const sign = internalIdentitySigner(KEY, clock);
    const first = sign(TOKEN);
    expect(sign('Bearer d.e.f')).not.toBe(first);
    for (let second = 0; second < 120; second++) {
      clock.instant += 1_000;
      expect(isInternalIdentity(KEY, sign(TOKEN), TOKEN, clock)).toBe(true);
    }
  });
});

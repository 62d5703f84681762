import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { cpfHasher } from '../src/cpf-hash.ts';
import { cpfFromBase } from '../src/cpf.ts';

const KEY = Buffer.alloc(32, 7);
const ANA = cpfFromBase('101010101');
const someone = fc.integer({ min: 0, max: 999_999_999 }).map((base) => cpfFromBase(String(base).padStart(9, '0')));

describe('The keyed hash of a CPF', () => {
  it('is the first 16 bytes of HMAC-SHA-256, in hex', () => {
    const whole = createHmac('sha256', KEY).update(ANA).digest();
    expect(cpfHasher(KEY)(ANA)).toBe(whole.subarray(0, 16).toString('hex'));
  });

  it('is the same in every process with the same key, and another with another key', () => {
    expect(cpfHasher(KEY)(ANA)).toBe(cpfHasher(new Uint8Array(KEY))(ANA));
    expect(cpfHasher(Buffer.alloc(32, 8))(ANA)).not.toBe(cpfHasher(KEY)(ANA));
  });

  it('tells people apart and shows nothing of them', () => {
    const hash = cpfHasher(KEY);
    fc.assert(
      fc.property(someone, someone, (one, other) => {
        expect(hash(one)).toMatch(/^[0-9a-f]{32}$/);
        expect(hash(one) === hash(other)).toBe(one === other);
        expect(hash(one)).not.toContain(one.slice(0, 9));
      }),
    );
  });

  it('is not made with a key that could be guessed', () => {
    expect(() => cpfHasher(Buffer.alloc(31))).toThrow(RangeError);
  });
});

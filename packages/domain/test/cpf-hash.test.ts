import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { cpfHasher } from '../src/cpf-hash.ts';
import { cpfFromBase } from '../src/cpf.ts';

const KEY = Buffer.alloc(32, 7);
const ANA = cpfFromBase('101010101');
const anyCpf = fc.integer({ min: 0, max: 999_999_999 }).map((base) => cpfFromBase(String(base).padStart(9, '0')));

describe('The keyed hash of a CPF', () => {
  it('is the first 16 bytes of HMAC-SHA-256, in hex', () => {
    const digest = createHmac('sha256', KEY).update(ANA).digest();
    expect(cpfHasher(KEY)(ANA)).toBe(digest.subarray(0, 16).toString('hex'));
  });

  it('is the same for the same key, and different for another key', () => {
    expect(cpfHasher(KEY)(ANA)).toBe(cpfHasher(new Uint8Array(KEY))(ANA));
    expect(cpfHasher(Buffer.alloc(32, 8))(ANA)).not.toBe(cpfHasher(KEY)(ANA));
  });

  it('differs for different people and does not contain the CPF', () => {
    const hash = cpfHasher(KEY);
    fc.assert(
      fc.property(anyCpf, anyCpf, (cpf, otherCpf) => {
        expect(hash(cpf)).toMatch(/^[0-9a-f]{32}$/);
        expect(hash(cpf) === hash(otherCpf)).toBe(cpf === otherCpf);
        expect(hash(cpf)).not.toContain(cpf.slice(0, 9));
      }),
    );
  });

  it('is refused with a key shorter than 32 bytes', () => {
    expect(() => cpfHasher(Buffer.alloc(31))).toThrow(RangeError);
  });
});

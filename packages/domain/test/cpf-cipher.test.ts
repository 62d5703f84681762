import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { cpfCipher } from '../src/cpf-cipher.ts';
import { cpfFromBase } from '../src/cpf.ts';

const KEY = Buffer.alloc(32, 7);
const ANA = cpfFromBase('101010101');
const bytesOf = (hex: string) => Buffer.from(hex, 'hex');
const anyCpf = fc.integer({ min: 1, max: 999_999_998 }).map((base) => cpfFromBase(String(base).padStart(9, '0')));

describe('The encrypted CPF of the audit', () => {
  it('is one block of AES-256 of the digits and five zero bytes, under a key of its own', () => {
    const derived = Buffer.from(hkdfSync('sha256', KEY, '', 'pessoa audit cpf', 32));
    const decipher = createDecipheriv('aes-256-ecb', derived, null).setAutoPadding(false);
    const block = decipher.update(cpfCipher(KEY).encrypt(ANA), 'hex', 'latin1') + decipher.final('latin1');
    expect(block).toBe(`${ANA}\0\0\0\0\0`);
  });

  it('is that of one person alone, and whoever has the key reads the CPF in it', () => {
    const { encrypt, decrypt } = cpfCipher(KEY);
    const again = cpfCipher(new Uint8Array(KEY));
    fc.assert(
      fc.property(anyCpf.filter((cpf) => !/^(\d)\1{10}$/.test(cpf)), anyCpf, (cpf, other) => {
        expect(encrypt(cpf)).toMatch(/^[0-9a-f]{32}$/);
        expect(again.encrypt(cpf)).toBe(encrypt(cpf));
        expect(encrypt(cpf) === encrypt(other)).toBe(cpf === other);
        expect(decrypt(bytesOf(encrypt(cpf)))).toBe(cpf);
      }),
    ); // prettier-ignore
  });

  it.each([
    ['encrypted with another key', bytesOf(cpfCipher(Buffer.alloc(32, 8)).encrypt(ANA))],
    ['random', randomBytes(16)],
    ['too few', bytesOf(cpfCipher(KEY).encrypt(ANA)).subarray(1)],
    ['two blocks', Buffer.concat([bytesOf(cpfCipher(KEY).encrypt(ANA)), bytesOf(cpfCipher(KEY).encrypt(ANA))])],
    ['none', Buffer.alloc(0)],
  ])('is no CPF when the bytes are %s, and the next one is read all the same', (_case, bytes) => {
    const { encrypt, decrypt } = cpfCipher(KEY);
    expect(decrypt(bytes)).toBeUndefined();
    expect(decrypt(bytesOf(encrypt(ANA)))).toBe(ANA);
  });

  it('is no CPF when the digits in it are none', () => {
    const { encrypt, decrypt } = cpfCipher(KEY);
    expect(decrypt(bytesOf(encrypt('12345678900' as never)))).toBeUndefined();
  });
});

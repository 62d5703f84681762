import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { personKeys } from '../../src/people/person-keys.ts';

describe('The salt of a subject', () => {
  const cpfHashKey = Buffer.alloc(32, 1);
  const nonce = Buffer.alloc(32, 2);
  const saltOf = (hashKey: Buffer, vrfSecret = randomBytes(32)): string =>
    Buffer.from(personKeys(vrfSecret, hashKey).subjectSalt(nonce)).toString('hex');

  it('is the HMAC of the nonce under a key of its own from CPF_HASH_KEY, for ever: entries have it', () => {
    const key = Buffer.from(hkdfSync('sha256', cpfHashKey, '', 'pessoa audit sujeito', 32));
    expect(saltOf(cpfHashKey)).toBe(createHmac('sha256', key).update(nonce).digest('hex'));
    expect(saltOf(cpfHashKey)).toBe('2dfd5b6b824e82ebad9bfaff95bf7d8298b39c9ec895b29bd299f6a8dad3d60e');
  });

  it('is another under another key', () => {
    expect(saltOf(Buffer.alloc(32, 3))).not.toBe(saltOf(cpfHashKey));
  });
});

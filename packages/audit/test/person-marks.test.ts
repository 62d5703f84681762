import { cpfCipher } from '@pessoa/domain/cpf-cipher';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { personMarker } from '../src/person-marks.ts';

const KEY = Buffer.alloc(32, 7);
const ANA = cpfFromBase('101010101');
const BIA = cpfFromBase('202020202');

describe('The marks of a person in the audit', () => {
  it('are the keyed hash and the encrypted CPF, of one person and by one key, however often they are asked for', () => {
    const markPerson = personMarker(KEY);
    for (const cpf of [ANA, BIA, ANA])
      expect(markPerson(cpf)).toEqual({ cpfHash: cpfHasher(KEY)(cpf), cpfCifrado: cpfCipher(KEY).encrypt(cpf) });
  });

  it('need a key of 32 bytes', () => {
    expect(() => personMarker(Buffer.alloc(31))).toThrow(RangeError);
  });
});

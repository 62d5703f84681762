import { personIndex, provePersonIndex, verifyPersonIndex } from '../../src/map/person-index.ts';
import { ProofError } from '../../src/tree/verify-proofs.ts';
import { vrfKey } from '../../src/vrf/ecvrf.ts';

const key = vrfKey(Buffer.alloc(32, 9));
const CPF = '12345000198';

describe('The index of a person', () => {
  it('is the first half of the output of the VRF for the digits of the CPF', () => {
    const expected = key.output(Buffer.from('3132333435303030313938', 'hex')).subarray(0, 32);
    expect(expected).toHaveLength(32);
    expect(personIndex(key, CPF)).toEqual(expected);
    expect(provePersonIndex(key, CPF).index).toEqual(expected);
  });

  it('is proved to whoever knows the CPF, by the public key alone', () => {
    const { index, proof } = provePersonIndex(key, CPF);
    expect(verifyPersonIndex(key.publicKey, CPF, proof)).toEqual(index);
    expect(() => verifyPersonIndex(key.publicKey, '12345000350', proof)).toThrow(ProofError);
  });

  it.each(['', '1234500019', '123450001980', '123.450.001-98', '1234500019٠', '12345000198\n', ' 1234500019'])(
    'is asked for with 11 ASCII digits, not with %j',
    (cpf) => {
      expect(() => personIndex(key, cpf)).toThrow(RangeError);
      expect(() => provePersonIndex(key, cpf)).toThrow(RangeError);
      expect(() => verifyPersonIndex(key.publicKey, cpf, new Uint8Array(80))).toThrow(RangeError);
    },
  );
});

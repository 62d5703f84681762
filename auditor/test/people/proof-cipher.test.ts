import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { provePersonIndex } from '@pessoa/transparency-log/map/person-index';
import { vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';
import { proofCipher } from '../../src/people/proof-cipher.ts';

describe('A proof of an index for the database', () => {
  const secret = Buffer.alloc(32, 9);
  const { encrypt, decrypt } = proofCipher(secret);
  const provenOf = (cpf: Cpf) => provePersonIndex(vrfKey(secret), cpf);
  const [ana, bia] = [newCpf(), newCpf()];
  const ofAna = provenOf(ana);
  const encrypted = encrypt(ana, ofAna);

  it('is read with the CPF and the index', () => {
    expect(encrypted).toHaveLength(96);
    expect(decrypt(ana, ofAna.index, encrypted)).toEqual(Buffer.from(ofAna.proof));
    expect(encrypt(ana, ofAna)).toEqual(encrypted);
  });

  it('shows neither the proof nor the point in it, with which everybody could try out CPFs', () => {
    const text = Buffer.from(encrypted).toString('hex');
    for (let from = 0; from < 80; from += 8)
      expect(text).not.toContain(Buffer.from(ofAna.proof.subarray(from, from + 8)).toString('hex'));
  });

  it.each<[string, () => Uint8Array | undefined]>([
    ['another person', () => decrypt(bia, ofAna.index, encrypted)],
    ['another index', () => decrypt(ana, provenOf(bia).index, encrypted)],
    ['an index that ends otherwise', () => decrypt(ana, Buffer.concat([ofAna.index.subarray(0, 31), Buffer.of(ofAna.index[31]! ^ 1)]), encrypted)], // prettier-ignore
    ['another key', () => proofCipher(Buffer.alloc(32, 8)).decrypt(ana, ofAna.index, encrypted)],
    ['the proof in clear', () => decrypt(ana, ofAna.index, ofAna.proof)],
    ['nothing', () => decrypt(ana, ofAna.index, new Uint8Array(0))],
    ['no index', () => decrypt(ana, new Uint8Array(0), encrypted)],
  ])('is none for %s', (_case, read) => {
    expect(read()).toBeUndefined();
  });

  it('is none when any byte was changed', () => {
    for (let at = 0; at < encrypted.length; at++) {
      const changed = Buffer.from(encrypted);
      changed[at]! ^= 1;
      expect(decrypt(ana, ofAna.index, changed)).toBeUndefined();
    }
  });
});

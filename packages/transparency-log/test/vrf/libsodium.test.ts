import { createHash } from 'node:crypto';
import { ed25519_hasher } from '@noble/curves/ed25519.js';
import sodium from 'libsodium-wrappers-sumo';
import { type VrfKey, vrfKey } from '../../src/vrf/ecvrf.ts';

const FIELD = 2n ** 255n - 19n;
const DOMAIN = 'ECVRF_edwards25519_XMD:SHA-512_ELL2_NU_\x04';

const sha512 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha512').update(Buffer.concat(parts)).digest();

/** RFC 9380, sections 5.2 and 5.3.1: one number below the field's, from 48 bytes. In 32 bytes, the lowest first. */
function hashToField(message: Uint8Array): Buffer {
  const domain = Buffer.concat([Buffer.from(DOMAIN), Buffer.of(DOMAIN.length)]);
  const first = sha512(Buffer.alloc(128), message, Buffer.of(0, 48, 0), domain);
  const bytes = sha512(first, Buffer.of(1), domain).subarray(0, 48);
  const number = BigInt(`0x${bytes.toString('hex')}`) % FIELD;
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();
}

/** RFC 9381, section 5.3, with the arithmetic of libsodium. @param base the point of the input. @returns the output */
function verifyBySodium(publicKey: Uint8Array, base: Uint8Array, proof: Uint8Array): Uint8Array {
  const { crypto_core_ed25519_sub: minus, crypto_scalarmult_ed25519_noclamp: times } = sodium;
  const [gamma, challenge, response] = [proof.subarray(0, 32), proof.subarray(32, 48), proof.subarray(48)];
  const number = Buffer.concat([challenge, Buffer.alloc(16)]);
  const ofKey = minus(sodium.crypto_scalarmult_ed25519_base_noclamp(response), times(number, publicKey));
  const ofBase = minus(times(response, base), times(number, gamma));
  const expected = sha512(Buffer.of(4, 2), publicKey, base, gamma, ofKey, ofBase, Buffer.of(0)).subarray(0, 16);
  expect(Buffer.from(challenge)).toEqual(expected);
  return sha512(Buffer.of(4, 3), times(Buffer.alloc(32).fill(8, 0, 1), gamma), Buffer.of(0));
}

/** The two points, of either sign, that libsodium maps the input to. The examples of the RFC decide the sign. */
function pointsBySodium({ publicKey }: VrfKey, alpha: Uint8Array): string[] {
  const number = hashToField(Buffer.concat([publicKey, alpha]));
  const signed = number.with(31, number[31]! | 0x80);
  return [number, signed].map((bytes) => Buffer.from(sodium.crypto_core_ed25519_from_uniform(bytes)).toString('hex'));
}

describe('Another implementation of the group', () => {
  beforeAll(() => sodium.ready);

  it('accepts 300 of our proofs, with our outputs, and maps their inputs to our points', () => {
    for (let count = 0; count < 300; count += 1) {
      const key = vrfKey(Buffer.alloc(32, 1 + (count % 5)));
      const alpha = Buffer.from(`${count * 333_333_333}`.padStart(11, '0'));
      const { proof, output } = key.prove(alpha);
      const base = ed25519_hasher.encodeToCurve(Buffer.concat([key.publicKey, alpha]), { DST: DOMAIN }).toBytes();
      expect(pointsBySodium(key, alpha)).toContain(Buffer.from(base).toString('hex'));
      expect(verifyBySodium(key.publicKey, base, proof)).toEqual(Buffer.from(output));
    }
  });
});

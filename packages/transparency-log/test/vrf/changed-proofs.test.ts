import { createHash } from 'node:crypto';
import { ed25519, ed25519_hasher, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import fc from 'fast-check';
import { ProofError } from '../../src/tree/verify-proofs.ts';
import { verifyVrf, vrfKey } from '../../src/vrf/ecvrf.ts';

const FIELD = 2n ** 255n - 19n;
const ORDER = ed25519.Point.Fn.ORDER;

const SECRET = Buffer.alloc(32, 7);
const key = vrfKey(SECRET);
const alpha = Buffer.from('12345000198');
const { proof, output } = key.prove(alpha);

/** The bytes with one of them changed by one bit, each by another one. */
const everyByteChanged = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (byte, place) => Uint8Array.from(bytes).with(place, byte ^ (1 << ((place * 3) % 8))));

describe('A proof of the VRF', () => {
  it('gives the output for every input', () => {
    const input = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(input, (bytes) => {
        const proved = key.prove(bytes);
        expect(verifyVrf(key.publicKey, bytes, proved.proof)).toEqual(proved.output);
        expect(key.output(bytes)).toEqual(proved.output);
      }),
      generatedProperty(50),
    );
  });

  it('is refused when any of its bytes is changed', () => {
    for (const changed of everyByteChanged(proof)) {
      expect(() => verifyVrf(key.publicKey, alpha, changed)).toThrow(ProofError);
    }
  });

  it('is refused for another input, under another key, and when it is that of another input', () => {
    const refusal = 'The proof of the VRF is not for this input and this key.';
    expect(() => verifyVrf(key.publicKey, Buffer.from('12345000199'), proof)).toThrow(refusal);
    expect(() => verifyVrf(key.publicKey, Buffer.alloc(0), proof)).toThrow(refusal);
    expect(() => verifyVrf(vrfKey(Buffer.alloc(32, 8)).publicKey, alpha, proof)).toThrow(refusal);
    expect(() => verifyVrf(key.publicKey, alpha, key.prove(Buffer.from('x')).proof)).toThrow(refusal);
    expect(() => verifyVrf(key.publicKey, alpha, vrfKey(Buffer.alloc(32, 8)).prove(alpha).proof)).toThrow(refusal);
  });

  it.each([0, 79, 81, 160])('is refused with %i bytes', (length) => {
    const bytes = Buffer.concat([proof, proof]).subarray(0, length);
    expect(() => verifyVrf(key.publicKey, alpha, bytes)).toThrow('A proof of the VRF has 80 bytes.');
  });

  it('is refused with another spelling of its number, which would be a second proof', () => {
    const response = bytesToNumberLE(proof.subarray(48));
    for (const larger of [response + ORDER, response + 2n * ORDER, ORDER, 2n ** 256n - 1n]) {
      const changed = Buffer.concat([proof.subarray(0, 48), numberToBytesLE(larger, 32)]);
      expect(() => verifyVrf(key.publicKey, alpha, changed)).toThrow('has a number that is too large');
    }
  });

  it('is refused with a point that is none, or in a second spelling', () => {
    for (const point of notCanonical()) {
      const changed = Buffer.concat([point, proof.subarray(32)]);
      expect(() => verifyVrf(key.publicKey, alpha, changed)).toThrow('The point of the proof is no point');
    }
  });

  it('has the same output when whoever has the key makes a second one, with a point moved by one of small order', () => {
    const small = ed25519.Point.fromHex(ED25519_TORSION_SUBGROUP[1]!);
    const second = movedProof(small);
    expect(second.subarray(0, 32)).not.toEqual(proof.subarray(0, 32));
    expect(verifyVrf(key.publicKey, alpha, second)).toEqual(output);
  });
});

describe('A public key of the VRF', () => {
  it('is refused when it is of small order: many outputs would have a proof', () => {
    expect(ED25519_TORSION_SUBGROUP).toHaveLength(8);
    for (const small of ED25519_TORSION_SUBGROUP) {
      expect(() => verifyVrf(Buffer.from(small, 'hex'), alpha, proof)).toThrow('is of small order');
    }
  });

  it('is refused when it is no point, in a second spelling, or of another length', () => {
    for (const point of [...notCanonical(), Buffer.alloc(31), Buffer.alloc(33), Buffer.alloc(0)]) {
      expect(() => verifyVrf(point, alpha, proof)).toThrow("The VRF's public key is no point of the curve.");
    }
  });

  it('is refused when any of its bytes is changed', () => {
    for (const changed of everyByteChanged(key.publicKey)) {
      expect(() => verifyVrf(changed, alpha, proof)).toThrow(ProofError);
    }
  });
});

it('The output is that of no other input of many', () => {
  const outputs = Array.from({ length: 200 }, (_, place) => key.output(Buffer.from(`${place}`.padStart(11, '0'))));
  const known = new Set([...outputs, output].map((bytes) => Buffer.from(bytes).toString('hex')));
  expect(known.size).toBe(201);
});

/** Encodings that RFC 8032 refuses: y from p on, zero with a sign, and a y without an x. */
function notCanonical(): Uint8Array[] {
  const sign = (bytes: Uint8Array): Uint8Array => bytes.with(31, bytes[31]! | 0x80);
  const large = Array.from({ length: 19 }, (_, more) => numberToBytesLE(FIELD + BigInt(more), 32));
  const zeroWithSign = [numberToBytesLE(1n, 32), numberToBytesLE(FIELD - 1n, 32)].map(sign);
  return [...large, ...large.map(sign), ...zeroWithSign, numberToBytesLE(2n, 32), numberToBytesLE(7n, 32)];
}

/**
 * A proof that the rules allow and the prover does not make: `gamma` plus a point of order 8. The challenge must be a multiple of 8,
 * so it takes some nonces.
 */
function movedProof(small: typeof ed25519.Point.BASE): Uint8Array {
  const { Point } = ed25519;
  const { scalar } = ed25519.utils.getExtendedPublicKey(SECRET);
  const base = ed25519_hasher.encodeToCurve(Buffer.concat([key.publicKey, alpha]), {
    DST: 'ECVRF_edwards25519_XMD:SHA-512_ELL2_NU_\x04',
  });
  const gamma = base.multiply(scalar).add(small);
  for (let nonce = 1n; ; nonce += 1n) {
    const points = [base, gamma, Point.BASE.multiply(nonce), base.multiply(nonce)].map((point) => point.toBytes());
    const digest = createHash('sha512').update(Buffer.of(4, 2)).update(key.publicKey).update(Buffer.concat(points)).update(Buffer.of(0)).digest(); // prettier-ignore
    const challenge = digest.subarray(0, 16);
    const number = bytesToNumberLE(challenge);
    if (number % 8n !== 0n) continue;
    const response = Point.Fn.create(nonce + number * scalar);
    return Buffer.concat([gamma.toBytes(), challenge, numberToBytesLE(response, 32)]);
  }
}

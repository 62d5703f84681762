import { hash } from 'node:crypto';
import { ed25519, ed25519_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { isSameHash } from '../tree/hashes.ts';
import { ProofError } from '../tree/verify-proofs.ts';

/** A private key of the verifiable random function ECVRF-EDWARDS25519-SHA512-ELL2 (RFC 9381, suite 0x04). */
export interface VrfKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The proof, 80 bytes, and the output that it proves, 64 bytes. */
  prove(alpha: Uint8Array): { proof: Uint8Array; output: Uint8Array };
  /** The output alone, 64 bytes. It costs about half of `prove`. */
  output(alpha: Uint8Array): Uint8Array;
}

const { Point } = ed25519;
const { Fn: Scalar } = Point;

type CurvePoint = InstanceType<typeof Point>;

const SUITE = 0x04;
const POINT_BYTES = 32;
const CHALLENGE_BYTES = 16;
const PROOF_BYTES = POINT_BYTES + CHALLENGE_BYTES + 32;

/**
 * @param secret 32 random bytes. As the seed of an Ed25519 key they would give the same public key: one key must not serve both
 * @throws RangeError for another length
 */
export function vrfKey(secret: Uint8Array): VrfKey {
  if (secret.length !== 32) throw new RangeError('The secret of a VRF has 32 bytes.');
  const { scalar, prefix, pointBytes: publicKey } = ed25519.utils.getExtendedPublicKey(secret);
  return {
    publicKey,
    prove(alpha) {
      const base = encodeToCurve(publicKey, alpha);
      const gamma = base.multiply(scalar);
      const nonce = scalarOf(sha512(prefix, base.toBytes()));
      const challenge = challengeOf([publicKey, base, gamma, Point.BASE.multiply(nonce), base.multiply(nonce)]);
      const response = Scalar.add(nonce, Scalar.mul(bytesToNumberLE(challenge), scalar));
      return {
        proof: Buffer.concat([gamma.toBytes(), challenge, numberToBytesLE(response, 32)]),
        output: outputOf(gamma),
      };
    },
    output: (alpha) => outputOf(encodeToCurve(publicKey, alpha).multiply(scalar)),
  };
}

/**
 * Verifies that the output for `alpha` under a public key is the one that the proof gives (RFC 9381, sections 5.3 and 5.4.5). There
 * is no proof of another output, whoever has the private key.
 *
 * @returns the 64 bytes of output
 * @throws ProofError
 */
export function verifyVrf(publicKey: Uint8Array, alpha: Uint8Array, proof: Uint8Array): Uint8Array {
  if (proof.length !== PROOF_BYTES) throw new ProofError(`A proof of the VRF has ${PROOF_BYTES} bytes.`);
  const key = pointOf(publicKey, "The VRF's public key");
  // Under a key of small order, many outputs have a proof for one input.
  if (key.isSmallOrder()) throw new ProofError("The VRF's public key is of small order.");
  const gamma = pointOf(proof.subarray(0, POINT_BYTES), 'The point of the proof');
  const challengeBytes = proof.subarray(POINT_BYTES, POINT_BYTES + CHALLENGE_BYTES);
  const challenge = bytesToNumberLE(challengeBytes);
  const response = bytesToNumberLE(proof.subarray(POINT_BYTES + CHALLENGE_BYTES));
  if (response >= Scalar.ORDER) throw new ProofError('The proof of the VRF has a number that is too large.');
  const base = encodeToCurve(publicKey, alpha);
  const ofKey = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
  const ofBase = base.multiplyUnsafe(response).subtract(gamma.multiplyUnsafe(challenge));
  if (!isSameHash(challengeOf([publicKey, base, gamma, ofKey, ofBase]), challengeBytes)) {
    throw new ProofError('The proof of the VRF is not for this input and this key.');
  }
  return outputOf(gamma);
}

/** RFC 9381, section 5.4.1.2: the suite of RFC 9380 with the public key as its salt. The point is in the prime-order subgroup. */
const encodeToCurve = (publicKey: Uint8Array, alpha: Uint8Array): CurvePoint =>
  ed25519_hasher.encodeToCurve(Buffer.concat([publicKey, alpha]), { DST: HASH_TO_CURVE });

const HASH_TO_CURVE = `ECVRF_edwards25519_XMD:SHA-512_ELL2_NU_${String.fromCharCode(SUITE)}`;

/** RFC 9381, section 5.4.3. */
function challengeOf([publicKey, ...points]: readonly [Uint8Array, ...CurvePoint[]]): Uint8Array {
  const digest = sha512(Buffer.of(SUITE, 2), publicKey, ...points.map((point) => point.toBytes()), Buffer.of(0));
  return digest.subarray(0, CHALLENGE_BYTES);
}

/** RFC 9381, section 5.2. */
const outputOf = (gamma: CurvePoint): Uint8Array =>
  sha512(Buffer.of(SUITE, 3), gamma.clearCofactor().toBytes(), Buffer.of(0));

/** @throws ProofError unless the bytes are the one encoding of a point */
function pointOf(bytes: Uint8Array, what: string): CurvePoint {
  try {
    return Point.fromBytes(bytes);
  } catch {
    throw new ProofError(`${what} is no point of the curve.`);
  }
}

const scalarOf = (digest: Uint8Array): bigint => Scalar.create(bytesToNumberLE(digest));

const sha512 = (...parts: readonly Uint8Array[]): Buffer => hash('sha512', Buffer.concat(parts), 'buffer');

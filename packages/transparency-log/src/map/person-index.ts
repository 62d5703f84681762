import { HASH_BYTES } from '../tree/hashes.ts';
import { verifyVrf, type VrfKey } from '../vrf/ecvrf.ts';

/**
 * The place of a person in the map: the first 32 bytes of the VRF's output for the 11 ASCII digits of the CPF. Nobody computes it
 * without the private key, and there is one for each CPF.
 *
 * @param cpf 11 digits. @throws RangeError for another text
 */
export const personIndex = (key: VrfKey, cpf: string): Uint8Array => indexOf(key.output(alphaOf(cpf)));

/** The index with the proof, 80 bytes, that it is that of this CPF. */
export function provePersonIndex(key: VrfKey, cpf: string): { index: Uint8Array; proof: Uint8Array } {
  const { proof, output } = key.prove(alphaOf(cpf));
  return { index: indexOf(output), proof };
}

/** @returns the index of this CPF under this public key of the VRF. @throws ProofError */
export const verifyPersonIndex = (publicKey: Uint8Array, cpf: string, proof: Uint8Array): Uint8Array =>
  indexOf(verifyVrf(publicKey, alphaOf(cpf), proof));

const indexOf = (output: Uint8Array): Uint8Array => output.subarray(0, HASH_BYTES);

function alphaOf(cpf: string): Uint8Array {
  if (!/^[0-9]{11}$/.test(cpf)) throw new RangeError('A CPF has 11 digits.');
  return Buffer.from(cpf, 'ascii');
}

import { createPublicKey, generateKeyPairSync, hash, sign, verify } from 'node:crypto';
import { cosignatureTime, cosignatureVerifier, cosigner } from '../../src/checkpoints/cosignature.ts';
import {
  ed25519Signer,
  ed25519Verifier,
  formatVerifierKey,
  openNote,
  parseVerifierKey,
  signatureLine,
  signNote,
} from '../../src/notes/signed-note.ts';

// The example of C2SP tlog-cosignature.
const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const NAME = 'witness.example.com/w1';
const EXAMPLE_LINE =
  '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
const clock = { now: () => new Date(1_679_315_147_999) };
const { privateKey } = generateKeyPairSync('ed25519');
const witness = cosigner(NAME, privateKey, clock);

describe('A cosignature', () => {
  it('signs the header, the time and the whole checkpoint', () => {
    const signature = witness.sign(TEXT);
    expect(signature).toHaveLength(72);
    expect(cosignatureTime(signature)).toBe(1_679_315_147);
    const message = `cosignature/v1\ntime 1679315147\n${TEXT}`;
    expect(verify(null, Buffer.from(message), createPublicKey(privateKey), signature.subarray(8))).toBe(true);
  });

  it('has the key id of its type', () => {
    const input = Buffer.concat([Buffer.from(`${NAME}\n\u0004`), witness.publicKey]);
    expect(witness.keyId).toBe(parseInt(hash('sha256', input).slice(0, 8), 16));
    expect(ed25519Signer(NAME, privateKey).keyId).not.toBe(witness.keyId);
  });

  it('has the layout of the specification’s example', () => {
    const example = { name: NAME, keyId: 0x8d66cf3f };
    const accepts = (text: string, signature: Uint8Array): boolean =>
      text === TEXT && signature.length === 72 && cosignatureTime(signature) === 1_679_315_147;
    const { signatures } = openNote(`${TEXT}\n${EXAMPLE_LINE}`, [{ ...example, verify: accepts }]);
    expect(signatures.map(signatureLine)).toEqual([EXAMPLE_LINE]);
  });

  it('is verified beside the signature of the log', () => {
    const log = ed25519Signer('example.com/behind-the-sofa', generateKeyPairSync('ed25519').privateKey);
    const note = signNote(TEXT, [log, witness]);
    const verifiers = [ed25519Verifier(log), cosignatureVerifier(formatVerifierKey(witness))];
    expect(openNote(note, verifiers).signatures.map(({ name }) => name)).toEqual([log.name, NAME]);
    expect(() => openNote(note.replace('20852163', '20852164'), [verifiers[1]!])).toThrow('is wrong');
  });

  it('is refused with another time, another length, or a time that is none', () => {
    const { verify: accepts } = cosignatureVerifier(witness);
    const signature = Buffer.from(witness.sign(TEXT));
    expect(accepts(TEXT, signature)).toBe(true);
    expect(accepts(TEXT, Buffer.from(signature).fill(1, 7, 8))).toBe(false);
    expect(accepts(TEXT, signature.subarray(0, 71))).toBe(false);
    expect(accepts(TEXT, Buffer.concat([signature, Buffer.of(0)]))).toBe(false);
    expect(accepts(TEXT, Buffer.alloc(0))).toBe(false);
    const timed = (time: bigint): Buffer => {
      const timestamp = Buffer.alloc(8);
      timestamp.writeBigUInt64BE(time);
      return Buffer.concat([timestamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${TEXT}`), privateKey)]);
    };
    expect(accepts(TEXT, timed(2n ** 63n - 1n))).toBe(true);
    expect(accepts(TEXT, timed(2n ** 63n))).toBe(false);
  });

  it('is no signature of a log, nor is one of a log a cosignature', () => {
    expect(() => ed25519Verifier(formatVerifierKey(witness))).toThrow('for signatures of type 4, not 1');
    expect(() => cosignatureVerifier(ed25519Signer(NAME, privateKey))).toThrow('for signatures of type 1, not 4');
    expect(parseVerifierKey(formatVerifierKey(witness)).algorithm).toBe(4);
    const byLog = ed25519Signer(NAME, privateKey).sign(TEXT);
    expect(cosignatureVerifier(witness).verify(TEXT, Buffer.concat([Buffer.alloc(8), byLog]))).toBe(false);
  });
});

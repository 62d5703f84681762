import { generateKeyPairSync } from 'node:crypto';
import { formatCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import {
  ed25519Signer,
  formatVerifierKey,
  type NoteSigner,
  signNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { consistencyProof } from '@pessoa/transparency-log/tree/tree-proofs';

/** A log whose leaves are texts. Two logs with one signer and other texts are two histories of one log. */
export class LogUnderTest {
  readonly #leaves: readonly Uint8Array[];
  readonly signer: NoteSigner;
  readonly key: string;

  constructor(
    texts: readonly string[],
    signer = ed25519Signer('log.example/a', generateKeyPairSync('ed25519').privateKey),
  ) {
    this.#leaves = texts.map((text) => hashLeaf(Buffer.from(text)));
    this.signer = signer;
    this.key = formatVerifierKey(signer);
  }

  /** The signed checkpoint of the first leaves. */
  checkpoint(size: number, signers = [this.signer], extensions: readonly string[] = []): string {
    const { root } = growTree(0, [], this.#leaves.slice(0, size));
    return signNote(formatCheckpoint({ origin: this.signer.name, size, root, extensions }), signers);
  }

  async proof(oldSize: number, size: number): Promise<string[]> {
    const { tiles } = growTree(0, [], this.#leaves.slice(0, size));
    const proof = await consistencyProof(oldSize, size, async () => tiles);
    return proof.map((hash) => Buffer.from(hash).toString('base64'));
  }

  /** The body of a request, as an honest log makes it. */
  async request(oldSize: number, size: number): Promise<string> {
    return bodyOf(oldSize, await this.proof(oldSize, size), this.checkpoint(size));
  }
}

export const bodyOf = (oldSize: number | string, proof: readonly string[], checkpoint: string): string =>
  [`old ${oldSize}`, ...proof, '', checkpoint].join('\n');

export const texts = (count: number, prefix = 'leaf'): string[] => Array.from({ length: count }, (_, place) => `${prefix} ${place}`); // prettier-ignore

import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { ed25519Verifier, openNote } from '@pessoa/transparency-log/notes/signed-note';
import { canonicalRecord, entryOf, type FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { verifyInclusion } from '@pessoa/transparency-log/tree/verify-proofs';

/** What `/auditoria/provas/{interaction id}` answers. */
export interface ProofAnswer {
  readonly registros: readonly {
    readonly registro: FlatRecord;
    readonly nonce: string;
    readonly prova: { readonly indice: number; readonly checkpoint: string; readonly inclusao: readonly string[] };
  }[];
  readonly proximo: string | null;
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/**
 * The records of an answer, each verified as docs/integrar.md says.
 *
 * @param key the answer of `/auditoria/chave`
 * @throws NoteError or ProofError for one that is not proven
 */
export const verifiedRecords = ({ registros }: ProofAnswer, key: string): FlatRecord[] =>
  registros.map(({ registro, nonce, prova }) => {
    const { size, root } = parseCheckpoint(openNote(prova.checkpoint, [ed25519Verifier(key.trim())]).text);
    verifyInclusion({
      leafHash: hashLeaf(entryOf(bytesOf(nonce), canonicalRecord(registro))),
      index: prova.indice,
      size,
      proof: prova.inclusao.map(bytesOf),
      root,
    });
    return registro;
  });

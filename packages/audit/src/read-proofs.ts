/** The path at which Event asks the auditor, with POST, for the proofs of reads of a holder. No client reaches it: the router does not have it. */
export const READ_PROOFS_PATH = '/consultas/provas';

/** The most records of a request. */
export const READ_PROOFS_MAX = 1_000;

/** What is asked. The person is that of the token. */
export interface ReadProofsRequest {
  /** Ids of records, at most `READ_PROOFS_MAX`. */
  readonly registros: readonly string[];
  /** The size of the published checkpoint under which to prove. Default: the newest. */
  readonly tamanho?: number | undefined;
}

/** The proofs of some reads, all under one checkpoint. Bytes are in base64. */
export interface ReadProofs {
  /** The checkpoint, a signed note, with its number of places; null while none is published. */
  readonly checkpoint: { readonly nota: string; readonly tamanho: number } | null;
  /** The proof of the VRF that the index of the chain is that of the person. */
  readonly pessoa: string;
  /** In the order of the ids. */
  readonly provas: readonly ReadProof[];
}

/**
 * - `PENDENTE`: the record has no place under the checkpoint yet.
 * - `SEM_NUMERO`: the record is in no person's chain (form 1). It has a place, but its nonce would let the holder try out who read.
 * - `DESCONHECIDA`: there is no such record of this person, or its content is erased.
 */
export type ReadProof = ProvenRead | { readonly estado: 'PENDENTE' | 'SEM_NUMERO' | 'DESCONHECIDA' };

export interface ProvenRead {
  readonly estado: 'PROVADA';
  /** The place in the tree. */
  readonly indice: number;
  /** The hashes beside the way from the leaf up to the root (RFC 6962). */
  readonly inclusao: readonly string[];
  /** The canonical record, as text: the bytes of its entry. */
  readonly registro: string;
  readonly nonce: string;
}

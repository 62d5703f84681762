/** A keyed hash that stands for a client. Only `clientHasher` makes it. */
export type ClientHash = string & { readonly __brand: 'ClientHash' };

/** The count of a client in the current window of one quota. */
export interface Count {
  readonly used: number;
  /** Milliseconds until the window ends. */
  readonly resetMillis: number;
}

/** What an operation takes of its client's quotas. */
export interface OperationUse {
  /** Points; 0 when there is no quota of cost. */
  readonly cost: number;
  /** Keyed hashes of CPFs, each once; empty when there is no quota of people. */
  readonly people: readonly string[];
}

export interface OperationCounts {
  /** The quota that would be passed; undefined when the operation was counted. */
  readonly refusedBy: 'people' | 'cost' | undefined;
  readonly people: Count;
  readonly cost: Count;
}

/** Counts what clients use. The count of a window begins with its first use. */
export interface QuotaCounters {
  /** Counts one request, also over the quota. */
  countRequest(client: ClientHash): Promise<Count>;
  /**
   * Counts an operation, or nothing of it when it would pass a quota. A CPF that the window already has is free. Concurrent
   * operations cannot pass a quota together.
   */
  countOperation(client: ClientHash, use: OperationUse): Promise<OperationCounts>;
  close(): Promise<void>;
}

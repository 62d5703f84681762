/** A request as JSON, and its headers. */
export interface WireRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer: as text over HTTP, as an object from the same process. */
export type WireAnswer = { readonly status: number } & ({ readonly text: string } | { readonly body: unknown });

/** The way to a subgraph: over HTTP, or to a subgraph of the same process. */
export interface Wire {
  /**
   * Sends one call and waits for its answer.
   * @throws PublicError FONTE_LENTA after `timeoutMillis`; else as `Transport.send`
   */
  exchange(request: WireRequest, timeoutMillis: number): Promise<WireAnswer>;
  /** Waits for all running calls. */
  close(): Promise<void>;
}

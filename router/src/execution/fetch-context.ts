/** What an operation of the router carries from the door to the subgraphs. */
export interface FetchContext {
  /** The only headers of a request that a subgraph gets. */
  readonly forwardedHeaders: ForwardedHeaders;
  /** When the request as a whole is over its time, on the clock of `performance.now()`. */
  readonly endsAt?: number | undefined;
}

export type ForwardedHeaders = Readonly<
  Record<'authorization' | 'x-fapi-interaction-id', string> & { 'x-finalidade'?: string }
>;

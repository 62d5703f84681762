/** What the fetches of one request need from it. */
export interface FetchContext {
  /** The only headers of the request that subgraphs receive. */
  readonly forwardedHeaders: ForwardedHeaders;
  /** Deadline of the request, in milliseconds of `performance.now()`. Default: none. */
  readonly endsAt?: number | undefined;
}

export type ForwardedHeaders = Readonly<
  Record<'authorization' | 'x-fapi-interaction-id', string> & { 'x-finalidade'?: string }
>;

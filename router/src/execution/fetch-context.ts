import type { RequestTurn } from '@pessoa/service/http/request-facts';

/** What the fetches of one request need from it. */
export interface FetchContext {
  /** The only headers of the request that subgraphs receive. */
  readonly forwardedHeaders: ForwardedHeaders;
  /** Deadline of the request, in milliseconds of `performance.now()`. Default: none. */
  readonly endsAt?: number | undefined;
  /** The turn of the request ends when it begins to wait for a subgraph. */
  readonly facts?: { readonly turn?: Pick<RequestTurn, 'end'> };
}

export type ForwardedHeaders = Readonly<
  Record<'authorization' | 'x-fapi-interaction-id', string> & {
    'x-finalidade'?: string;
    traceparent?: string;
  }
>;

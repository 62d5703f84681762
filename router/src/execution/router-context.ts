/** What an operation of the router carries from the door to the subgraphs. */
export interface RouterContext {
  readonly viewer: unknown;
  /** `x-fapi-interaction-id`. */
  readonly interactionId: string;
  /**
   * The only headers a subgraph gets from a request: `authorization`, `x-finalidade` when the client sent one, and
   * `x-fapi-interaction-id`.
   */
  readonly forward: Readonly<Record<string, string>>;
  /** When the request as a whole is over its time, on the clock of `performance.now()`. */
  readonly endsAt?: number | undefined;
}

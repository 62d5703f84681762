/** What a test of issuers uses of oidc-provider, which has no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface TokenContext {
    get(header: string): string;
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    /** Whether `X-Forwarded-*` of a proxy count. */
    proxy: boolean;
    callback(): (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  }
}

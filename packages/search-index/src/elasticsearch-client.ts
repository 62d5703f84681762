import { Client, type ClientOptions } from '@elastic/elasticsearch';

/** Where the index is. */
export interface ElasticsearchConfig {
  readonly url: string;
  readonly apiKey: string | undefined;
}

const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Without retries and without sniffing: who calls knows whether there is time for another try, and an address is the one
 * that was configured. Close it when done.
 *
 * @param options.requestMillis for one request, all of it; the client's own default is none
 */
export function connectElasticsearch(options: ElasticsearchConfig & { readonly requestMillis: number }): Client {
  const { url, apiKey, requestMillis } = options;
  return new Client({
    node: url,
    ...(apiKey !== undefined && { auth: { apiKey } }),
    requestTimeout: requestMillis,
    // Undici's own is 10 s, which no time-out of a request cuts short. The client's types do not know it.
    agent: { connect: { timeout: requestMillis } } as ClientOptions['agent'] & object,
    maxRetries: 0,
    maxResponseSize: RESPONSE_BYTES_MAX,
    enableMetaHeader: false,
    redaction: { type: 'remove' }, // of keys in its errors; what was asked stays in them: see elasticsearch-error.ts
  });
}

import { Client, type ClientOptions } from '@elastic/elasticsearch';

/** Address and key of Elasticsearch. */
export interface ElasticsearchConfig {
  readonly url: string;
  readonly apiKey: string | undefined;
}

const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Creates a client without retries and without sniffing: the caller decides about another try, and the configured address is final.
 * The caller closes it.
 *
 * @param options.requestMillis time limit of a whole request
 */
export function connectElasticsearch(options: ElasticsearchConfig & { readonly requestMillis: number }): Client {
  const { url, apiKey, requestMillis } = options;
  return new Client({
    node: url,
    ...(apiKey !== undefined && { auth: { apiKey } }),
    requestTimeout: requestMillis,
    // Undici's connect time-out is 10 s, and a request's time-out does not shorten it. The client's types lack this option.
    agent: { connect: { timeout: requestMillis } } as ClientOptions['agent'] & object,
    maxRetries: 0,
    maxResponseSize: RESPONSE_BYTES_MAX,
    enableMetaHeader: false,
    redaction: { type: 'remove' }, // removes keys from errors; requests stay in them, see elasticsearch-error.ts
  });
}

import { createServer, type RequestListener, type Server } from 'node:http';

/** Of a request line and headers together; a path is never longer. */
export const HEADERS_MAX_BYTES = 16 * 1024;

export interface HttpTimes {
  /** For the request line and headers. */
  readonly headersMillis: number;
  /** For the whole request, body and all. */
  readonly requestMillis: number;
  /** How often it is looked whether one is over its time. */
  readonly checkEveryMillis: number;
}

/** Node's own look every 30 s would let a slow request live three times its time. */
const TIMES: HttpTimes = { headersMillis: 10_000, requestMillis: 15_000, checkEveryMillis: 2_000 };

/** Node's server with bounded times, which leaves every answer to the handler and to the listeners put on it. */
export function createHttpServer(handler: RequestListener, times: Partial<HttpTimes> = {}): Server {
  const { headersMillis, requestMillis, checkEveryMillis } = { ...TIMES, ...times };
  const server = createServer(
    {
      maxHeaderSize: HEADERS_MAX_BYTES,
      headersTimeout: headersMillis,
      requestTimeout: requestMillis,
      connectionsCheckingInterval: checkEveryMillis,
      keepAliveTimeout: 75_000, // above the 60 s of common balancers, which must be the ones to close
      requireHostHeader: false, // without one Node answers by itself
    },
    handler,
  );
  // Without a listener Node answers these by itself, and bids a client send its body before anybody has looked at the rest.
  server.on('checkContinue', handler);
  server.on('checkExpectation', handler);
  return server;
}

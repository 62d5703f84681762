import { createServer, type RequestListener, type Server } from 'node:http';

/** The most bytes of a request line and headers together. */
export const HEADERS_MAX_BYTES = 16 * 1024;

export interface HttpTimes {
  /** The time to receive the request line and headers. */
  readonly headersMillis: number;
  /** The time to receive the whole request with its body. */
  readonly requestMillis: number;
  /** The interval of the check for requests over their time. */
  readonly checkEveryMillis: number;
}

/** By default Node checks every 30 s, which would give a slow request up to three times its time. */
const TIMES: HttpTimes = { headersMillis: 10_000, requestMillis: 15_000, checkEveryMillis: 2_000 };

/** Creates a server of Node with time limits. Node answers nothing itself: `handler` or a listener answers everything. */
export function createHttpServer(handler: RequestListener, times: Partial<HttpTimes> = {}): Server {
  const { headersMillis, requestMillis, checkEveryMillis } = { ...TIMES, ...times };
  const server = createServer(
    {
      maxHeaderSize: HEADERS_MAX_BYTES,
      headersTimeout: headersMillis,
      requestTimeout: requestMillis,
      connectionsCheckingInterval: checkEveryMillis,
      keepAliveTimeout: 75_000, // longer than the 60 s of common load balancers, so that the balancer closes first
      requireHostHeader: false, // otherwise Node answers a request without it
    },
    handler,
  );
  // Without listeners Node answers these itself, and tells a client to send its body before we have checked the headers.
  server.on('checkContinue', handler);
  server.on('checkExpectation', handler);
  return server;
}

import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a relay does with a GraphQL request instead of forwarding it. */
export type Fault =
  | { readonly kind: 'dropped' } // closes the connection, like a killed process
  | { readonly kind: 'hung' } // never answers
  | { readonly kind: 'answers'; readonly body: string; readonly status?: number };

/** A proxy of one subgraph that counts requests and makes them fail on demand. */
export interface Relay {
  readonly url: string;
  /** @returns the number of GraphQL requests since the last call */
  takeRequestCount(): number;
  fail(fault: Fault | undefined): void;
  /** While true, every connection is closed, those of health checks included, as if no process listened. */
  cut(isCut: boolean): void;
  close(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  let count = 0;
  let fault: Fault | undefined;
  let isCut = false;
  const server = createServer((incoming, outgoing) => {
    if (isCut) return void incoming.socket.destroy();
    const isGraphql = incoming.url?.startsWith('/graphql') === true; // fetches alone, and batches of them
    if (isGraphql) count++;
    if (fault && isGraphql) return inject(fault, incoming, outgoing);
    forward(target, incoming, outgoing);
  });
  // As our services: with Node's 5 s, it may close a connection just when the router sends a request on it.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    takeRequestCount() {
      const requests = count;
      count = 0;
      return requests;
    },
    fail: (next) => (fault = next),
    cut: (next) => (isCut = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function inject(fault: Fault, incoming: IncomingMessage, outgoing: ServerResponse): void {
  incoming.resume();
  if (fault.kind === 'dropped') incoming.socket.destroy();
  if (fault.kind === 'answers') {
    outgoing.writeHead(fault.status ?? 200, { 'content-type': 'application/json' }).end(fault.body);
  }
}

/** Sends a request on to `target`, and its answer back. @param headers default: those of the request */
export function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  headers: OutgoingHttpHeaders = incoming.headers,
): void {
  const { method } = incoming;
  const forwarded = httpRequest(
    new URL(incoming.url ?? '/', target),
    { method: method ?? 'GET', headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  forwarded.on('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
}

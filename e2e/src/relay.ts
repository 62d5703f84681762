import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a relay does with a GraphQL request instead of passing it on. */
export type Fault =
  | { readonly kind: 'dropped' } // the connection is cut, as by a killed process
  | { readonly kind: 'hung' } // nothing is ever answered
  | { readonly kind: 'answers'; readonly body: string; readonly status?: number };

/** A passage to one subgraph in which a test can count requests and break things. */
export interface Relay {
  readonly url: string;
  /** GraphQL requests since the last call. */
  takeCount(): number;
  fail(fault: Fault | undefined): void;
  /** Every connection is dropped, that of a health check too, as when the process is not there. */
  cut(isCut: boolean): void;
  close(): Promise<void>;
}

export async function startRelay(target: string): Promise<Relay> {
  let count = 0;
  let fault: Fault | undefined;
  let isCut = false;
  const server = createServer((incoming, outgoing) => {
    if (isCut) return void incoming.socket.destroy();
    const isGraphql = incoming.url === '/graphql';
    if (isGraphql) count++;
    if (fault && isGraphql) return inject(fault, incoming, outgoing);
    pass(target, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    takeCount() {
      const taken = count;
      count = 0;
      return taken;
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

function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = httpRequest(new URL(incoming.url ?? '/', target), { method: method ?? 'GET', headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

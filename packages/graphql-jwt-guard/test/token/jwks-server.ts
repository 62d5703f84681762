import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

/** An HTTP server of a key set. It counts requests, and its answer can be replaced. */
export interface JwksServer {
  readonly url: URL;
  readonly requests: () => number;
  keys: readonly JWK[];
  /** Replaces the answer with the key set. */
  answer: ((response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

export async function startJwksServer(...keys: JWK[]): Promise<JwksServer> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (jwksServer.answer !== undefined) return jwksServer.answer(response);
    response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify({ keys: jwksServer.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const jwksServer: JwksServer = {
    url: new URL(`http://127.0.0.1:${port}/jwks`),
    requests: () => requests,
    keys,
    answer: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return jwksServer;
}

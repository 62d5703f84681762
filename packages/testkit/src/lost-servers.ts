import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

const at = (databaseUrl: string, port: number): string => {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
};

/** The same database at a port where nobody listens. */
export async function unreachable(databaseUrl: string): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return at(databaseUrl, port);
}

/** The same database at a server that takes connections and never says a word. */
export async function hung(databaseUrl: string): Promise<{ url: string; close: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  const url = at(databaseUrl, await listen(server));
  return {
    url,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

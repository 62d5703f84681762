import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@pessoa/service/processes/free-port';

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

const at = (databaseUrl: string, port: number): string => {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.href;
};

/** @returns the URL with a port where no server listens */
export async function unreachableServer(databaseUrl: string): Promise<string> {
  return at(databaseUrl, await freePort());
}

/** Starts a server that accepts connections and never answers. @returns the URL with its port */
export async function hangingServer(databaseUrl: string): Promise<{ url: string; close: () => void }> {
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

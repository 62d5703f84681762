import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { RelayedBytes } from './relayed-bytes.ts';

/** A relay to a server. A test can cut it, as when a cable is pulled, or make it hang, be late or damage what it passes. */
export interface TcpRelay {
  /** @returns the connection string through the relay */
  through(url: string): string;
  /** True: ends every connection and refuses new ones. */
  cut(isCut: boolean): void;
  /** True: accepts connections and passes no bytes, as when the server hangs. */
  hang(isHung: boolean): void;
  /** Passes all bytes later, in both directions, and in their order. 0 is no delay. */
  slow(millis: number): void;
  /**
   * True: damages each connection that passes bytes from now on. Of four connections, one carries noise in place of the bytes, one ends
   * in the middle of them, and the others do so with the bytes of the server only. A damaged connection stays so until somebody closes it.
   */
  garble(isGarbled: boolean): void;
  close(): Promise<void>;
}

export async function openTcpRelay(target: { host: string; port: number }): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  const state = { delayMillis: 0, isGarbled: false };
  let isCut = false;
  let isHung = false;
  let connections = 0;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const upstream = connect(target.port, target.host);
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const connection = { number: connections++, isDamaged: false, end: () => client.destroy() };
    client.pipe(new RelayedBytes(state, connection, false)).pipe(upstream);
    upstream.pipe(new RelayedBytes(state, connection, true)).pipe(client);
    if (isHung) for (const socket of [client, upstream]) socket.pause();
  }); // prettier-ignore
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    through: (url) =>
      Object.assign(new URL(url), { hostname: '127.0.0.1', port: (server.address() as AddressInfo).port }).href,
    cut(next) {
      isCut = next;
      if (isCut) endAll();
    },
    hang(next) {
      isHung = next;
      for (const socket of sockets)
        if (isHung) socket.pause();
        else socket.resume();
    },
    slow: (millis) => void (state.delayMillis = millis),
    garble: (isGarbled) => void (state.isGarbled = isGarbled),
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

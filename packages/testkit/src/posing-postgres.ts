import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface PosingPostgres {
  readonly url: string;
  close(): void;
}

/** A message of PostgreSQL with its length. */
export const messageOf = (type: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5, type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const AUTHENTICATED = messageOf('R', Buffer.alloc(4));
const READY = messageOf('Z', Buffer.from('I'));

/**
 * Starts a server that lets everybody in and answers each query with these bytes.
 *
 * @param greeting what it answers to the start of a connection; default: that it is ready
 */
export async function startPosingPostgres(
  answer: Uint8Array,
  greeting: Uint8Array = Buffer.concat([AUTHENTICATED, READY]),
): Promise<PosingPostgres> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => {
      socket.write(greeting);
      socket.on('data', () => socket.write(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `postgresql://somebody@127.0.0.1:${(server.address() as AddressInfo).port}/base`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

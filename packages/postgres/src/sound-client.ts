import type { Duplex } from 'node:stream';
import pg from 'pg';

interface Connection {
  attachListeners(stream: Duplex): void;
}

type Listener = (chunk: Buffer) => void;

/**
 * A client of node-postgres whose connection ends when the server sends bytes that are no messages of PostgreSQL. node-postgres alone
 * throws inside the listener of the socket, where nobody catches it: one such answer would end the process.
 */
export class SoundClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: Connection };
    const attachListeners = connection.attachListeners.bind(connection);
    connection.attachListeners = (stream) => {
      attachListeners(stream);
      for (const read of stream.listeners('data') as Listener[]) {
        stream.removeListener('data', read).on('data', (chunk: Buffer) => {
          try {
            read(chunk);
          } catch (cause) {
            stream.destroy(new Error('Connection terminated: the server sent no message of PostgreSQL', { cause }));
          }
        });
      }
    };
  }
}

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';
// These are below the ports that Linux (from 32768), macOS and Windows (from 49152) give to outgoing connections and to listeners
// on port 0. A port from there may be taken by any connection between this check and the moment when a process listens on it.
const RANGE = { from: 20_000, to: 32_767 };
const TRIES = 100;

const returnedPorts = new Set<number>();

/**
 * Finds a TCP port on 127.0.0.1 that is free at the moment. A process gets each port once.
 * @param range first and last port. Default: 20000 to 32767
 * @throws Error when none of 100 random ports was free
 */
export async function freePort({ from, to } = RANGE): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(from, to + 1);
    if (returnedPorts.has(port)) continue;
    returnedPorts.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${from} to ${to} was found in ${TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}

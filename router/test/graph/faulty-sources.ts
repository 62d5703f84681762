import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { closeServer, listen } from './subgraphs.ts';

export interface FaultySource {
  readonly url: string;
  /** The number of requests so far. */
  readonly count: () => number;
  close(): Promise<void>;
}

/** Starts a source that handles each request by `respond`. */
export async function startFaultySource(
  respond: (response: ServerResponse, count: number) => void,
): Promise<FaultySource> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => respond(response, ++count));
  });
  return { url: await listen(server), count: () => count, close: () => closeServer(server) };
}

/** Starts a source that gives the same answer to each request. */
export const startAnsweringSource = (body: string, status = 200) =>
  startFaultySource((response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  });

/** Starts a source that never answers. */
export const startHangingSource = () => startFaultySource(() => {});

/** Starts a source that sends one byte every 20 ms, without end. */
export const startTricklingSource = () =>
  startFaultySource((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });

/** Starts a source that disconnects before it sent all announced bytes. */
export const startTruncatingSource = () =>
  startFaultySource((response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"data":{"pessoa":');
    setTimeout(() => response.destroy(), 10);
  });

/** Starts a source that disconnects without an answer. */
export const startDisconnectingSource = () => startFaultySource((response) => void response.destroy());

/** Gives the address of a source that no longer listens. */
export async function startDeadSource(): Promise<FaultySource> {
  const source = await startHangingSource();
  await source.close();
  return source;
}

/** Starts a source that answers with the greeting of another protocol. */
export async function startNonHttpSource(): Promise<FaultySource> {
  let count = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      count++;
      socket.end('SSH-2.0-OpenSSH_9.6\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    count: () => count,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

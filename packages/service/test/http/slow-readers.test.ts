import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '@pessoa/testkit/raw-http';
import { serve, type TestServer } from './test-server.ts';

const ANSWER_MILLIS = 500;
/** More than the buffers of a connection can hold. */
const BYTES = 32 * 1024 * 1024;

describe('The connection of a slow reader', () => {
  let server: TestServer;
  const serveFor = (answerMillis: number): Promise<TestServer> =>
    serve({ times: { answerMillis } }, (app) => {
      app.get('/large', async () => 'a'.repeat(BYTES));
    });
  beforeAll(async () => {
    server = await serveFor(ANSWER_MILLIS);
  });
  afterAll(() => server.close());

  it.each([
    ['reads nothing', 0],
    ['reads a little at a time', 1_024],
  ])('is closed when the time for an answer is over: the client %s', async (_title, bytes) => {
    const client = connect(server.port, '127.0.0.1').on('error', () => undefined);
    client.pause();
    const connection = once(server.app.server, 'connection') as Promise<[Socket]>;
    const begin = performance.now();
    client.write(request('GET /large'));
    const [socket] = await connection;
    const reading = setInterval(() => client.read(bytes || undefined), 100);
    if (bytes === 0) clearInterval(reading);
    await once(socket, 'close');
    clearInterval(reading);
    expect(performance.now() - begin).toBeGreaterThan(ANSWER_MILLIS * 0.9);
    expect(performance.now() - begin).toBeLessThan(ANSWER_MILLIS + 3_000);
    client.destroy();
  });

  it('stays open until a client that reads has the whole answer', async () => {
    const patient = await serveFor(30_000); // a busy machine may need more than ANSWER_MILLIS for 32 MiB
    expect((await patient.raw(request('GET /large'))).length).toBeGreaterThan(BYTES);
    await patient.close();
  });

  it('stays open between requests', async () => {
    const client = connect(server.port, '127.0.0.1');
    const live = 'GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n';
    client.write(live);
    await once(client, 'data');
    await sleep(2 * ANSWER_MILLIS); // the server must not close the connection in this time
    client.write(live);
    expect(String((await once(client, 'data'))[0])).toMatch(/^HTTP\/1\.1 200/);
    client.destroy();
  });
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '@pessoa/testkit/raw-http';
import { serve, type Served } from './test-server.ts';

const ANSWER_MILLIS = 500;
/** More than the buffers of a connection hold. */
const BYTES = 32 * 1024 * 1024;

describe('Who does not read an answer', () => {
  let served: Served;
  const serveFor = (answerMillis: number): Promise<Served> =>
    serve({ times: { answerMillis } }, (app) => {
      app.get('/large', async () => 'a'.repeat(BYTES));
    });
  beforeAll(async () => {
    served = await serveFor(ANSWER_MILLIS);
  });
  afterAll(() => served.close());

  it.each([
    ['reads nothing', 0],
    ['reads a little at a time', 1_024],
  ])('is not waited for longer than its time: who %s', async (_what, bytes) => {
    const client = connect(served.port, '127.0.0.1').on('error', () => undefined);
    client.pause();
    const accepted = once(served.app.server, 'connection') as Promise<[Socket]>;
    const begin = performance.now();
    client.write(request('GET /large'));
    const [socket] = await accepted;
    const sipping = setInterval(() => client.read(bytes || undefined), 100);
    if (bytes === 0) clearInterval(sipping);
    await once(socket, 'close');
    clearInterval(sipping);
    expect(performance.now() - begin).toBeGreaterThan(ANSWER_MILLIS * 0.9);
    expect(performance.now() - begin).toBeLessThan(ANSWER_MILLIS + 3_000);
    client.destroy();
  });

  it('whoever reads has all of it', async () => {
    const patient = await serveFor(30_000); // a busy machine needs more than half a second for so much
    expect((await patient.raw(request('GET /large'))).length).toBeGreaterThan(BYTES);
    await patient.close();
  });

  it('one who asks seldom keeps the connection', async () => {
    const client = connect(served.port, '127.0.0.1');
    const live = 'GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n';
    client.write(live);
    await once(client, 'data');
    await sleep(2 * ANSWER_MILLIS);
    client.write(live);
    expect(String((await once(client, 'data'))[0])).toMatch(/^HTTP\/1\.1 200/);
    client.destroy();
  });
});

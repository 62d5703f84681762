import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openTcpRelay, type TcpRelay } from '../src/tcp-relay.ts';

describe('A relay', () => {
  let server: Server;
  let relay: TcpRelay;
  let clients: Socket[];

  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    relay = await openTcpRelay({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    await relay.close();
    server.close();
  });

  const open = async (): Promise<Socket> => {
    const client = connect(Number(new URL(relay.through('tcp://server')).port), '127.0.0.1').on('error', () => {});
    clients.push(client);
    await once(client, 'connect');
    return client;
  };
  /** The next bytes of the server. It may send them in several pieces, or those of several texts in one. */
  const textFrom = async (client: Socket, length: number): Promise<string> => {
    let answer = Buffer.alloc(0);
    while (answer.length < length) answer = Buffer.concat([answer, ((await once(client, 'data')) as [Buffer])[0]]);
    return answer.toString('latin1');
  };
  const echo = (client: Socket, text: string): Promise<string> => {
    client.write(text);
    return textFrom(client, text.length);
  };

  it('delays bytes both ways and keeps their order, also when it is no longer slow', async () => {
    const client = await open();
    relay.slow(1_000);
    const startedAt = performance.now();
    client.write('first, second');
    setTimeout(() => relay.slow(0), 300);
    setTimeout(() => client.write(', third'), 400);
    expect(await textFrom(client, 'first, second, third'.length)).toBe('first, second, third');
    expect(performance.now() - startedAt).toBeGreaterThan(950);
    relay.slow(100);
    const againAt = performance.now();
    await echo(client, 'x');
    expect(performance.now() - againAt).toBeGreaterThan(190);
  });

  it('damages every connection while it garbles, and keeps it damaged until it is closed', async () => {
    const received = [''];
    server.on('connection', (socket) => socket.on('data', (chunk) => (received[0] += chunk.toString('latin1'))));
    const [noisy, ended, noisyAnswers, endedAnswers] = [await open(), await open(), await open(), await open()];
    for (const client of clients) expect(await echo(client, 'whole')).toBe('whole');
    const closed = Promise.all([once(ended, 'close'), once(endedAnswers, 'close')]);
    received[0] = '';
    relay.garble(true);
    // Answers of a server that only sends back what it gets: two damages make the noise a text again.
    expect(await echo(noisy, '1234')).toBe('1234');
    expect(received[0]).not.toBe('1234');
    received[0] = '';
    const answer = await echo(noisyAnswers, '1234');
    expect(answer).not.toBe('1234');
    expect(received[0]).toBe('1234');
    ended.resume().write('1234');
    endedAnswers.resume().write('1234');
    await closed;
    relay.garble(false);
    received[0] = '';
    await echo(noisy, '1234');
    expect(received[0]).not.toBe('1234');
    expect(await echo(noisyAnswers, '1234')).not.toBe('1234');
    expect(await echo(await open(), 'whole')).toBe('whole');
  });
});

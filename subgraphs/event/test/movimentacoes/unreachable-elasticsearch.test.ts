import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { fixedClock } from '@pessoa/domain/data';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { elasticsearchMovimentacaoSearch } from '../../src/movimentacoes/elasticsearch-movimentacao-search.ts';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';
import { NOW } from '../event-under-test.ts';

const LISTEN = `
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));`;

/** An address that neither accepts nor refuses a connection, like that of a server whose network is gone. */
class SilentAddress {
  readonly #waitingSockets: Socket[] = [];
  #listener: ChildProcess | undefined;

  async open(): Promise<string> {
    const listener = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#listener = listener;
    const [port] = (await once(listener.stdout, 'data')) as [Buffer];
    listener.kill('SIGSTOP'); // it accepts nothing from now on, and its backlog fills up
    for (let isConnected = true; isConnected;) {
      const socket = connect(Number(port.toString()), '127.0.0.1');
      socket.on('error', () => {});
      this.#waitingSockets.push(socket);
      // Without a connection for 500 ms, the backlog is full.
      isConnected = await Promise.race([once(socket, 'connect').then(() => true), sleep(500).then(() => false)]);
    }
    return `http://127.0.0.1:${Number(port.toString())}`;
  }

  close(): void {
    for (const socket of this.#waitingSockets) socket.destroy();
    this.#listener?.kill('SIGKILL');
  }
}

describe('An Elasticsearch whose address does not answer', () => {
  const silent = new SilentAddress();
  let url: string;
  beforeAll(async () => {
    url = await silent.open();
  });
  afterAll(() => silent.close());

  it('costs a search its own time-out, not the time-out of a connection', async () => {
    const client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 30_000 });
    const search = elasticsearchMovimentacaoSearch({
      client,
      indexName: () => 'movimentacao-1',
      cpfHash: cpfHasher(Buffer.alloc(32, 7)),
      searchMillis: 150,
    });
    const filter = completeMovimentacaoFilter(readMovimentacaoFilter({}), fixedClock(NOW));
    const start = performance.now();
    await expect(search.find([newCpf()], { filter, after: undefined, limit: 1 })).rejects.toMatchObject({
      code: 'FONTE_LENTA',
      fonte: 'evento',
    });
    expect(performance.now() - start).toBeLessThan(5_000);
    void client.close();
  });

  it('costs any other request its own time-out', async () => {
    const client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 200 });
    const start = performance.now();
    await expect(client.info()).rejects.toThrow();
    expect(performance.now() - start).toBeLessThan(5_000); // the client's default is 10 s
    void client.close();
  });
});

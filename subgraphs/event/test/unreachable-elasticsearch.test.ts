import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { fixedClock } from '@pessoa/domain/data';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { elasticsearchMovimentacaoSearch } from '../src/movimentacoes/elasticsearch-movimentacao-search.ts';
import { askedMovimentacaoFilter, movimentacaoFilter } from '../src/movimentacoes/movimentacao-filter.ts';
import { NOW } from './event-under-test.ts';

const LISTEN = `
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));`;

/** An address that takes no connection and refuses none, as that of a server whose network is gone: nothing comes back. */
class SilentAddress {
  readonly #held: Socket[] = [];
  #listener: ChildProcess | undefined;

  async open(): Promise<string> {
    const listener = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#listener = listener;
    const [port] = (await once(listener.stdout, 'data')) as [Buffer];
    listener.kill('SIGSTOP'); // it accepts nothing from now on; what is waiting to be accepted fills up
    for (let isTaken = true; isTaken;) {
      const socket = connect(Number(port.toString()), '127.0.0.1');
      socket.on('error', () => {});
      this.#held.push(socket);
      isTaken = await Promise.race([once(socket, 'connect').then(() => true), sleep(500).then(() => false)]);
    }
    return `http://127.0.0.1:${Number(port.toString())}`;
  }

  close(): void {
    for (const socket of this.#held) socket.destroy();
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

  it('costs a search its own time, not the time of a connection', async () => {
    const client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 30_000 });
    const search = elasticsearchMovimentacaoSearch({
      client,
      index: () => 'movimentacao-1',
      cpfHash: cpfHasher(Buffer.alloc(32, 7)),
      searchMillis: 150,
    });
    const filter = movimentacaoFilter(askedMovimentacaoFilter({}), fixedClock(NOW));
    const start = performance.now();
    await expect(search.find([newCpf()], { filter, after: undefined, limit: 1 })).rejects.toMatchObject({
      code: 'FONTE_LENTA',
      fonte: 'evento',
    });
    expect(performance.now() - start).toBeLessThan(5_000);
    void client.close();
  });

  it('costs any other request its own time', async () => {
    const client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 200 });
    const start = performance.now();
    await expect(client.info()).rejects.toThrow();
    expect(performance.now() - start).toBeLessThan(5_000); // the client's own is ten
    void client.close();
  });
});

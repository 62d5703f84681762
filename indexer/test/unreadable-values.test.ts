import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@elastic/elasticsearch';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { documentToStore, type MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { Change } from '../src/change-source.ts';
import { indexWriter, type UnreadablePosting } from '../src/index-writer.ts';

const cpfHash = cpfHasher(Buffer.alloc(32, 3));
const LINHA: MovimentacaoLinha = {
  id: 'm-1', cpf: '52998224725', data_hora: new Date('2026-11-20T12:00:00Z'), natureza: 'DEBITO', tipo: 'PIX', valor: '10.00',
  descricao: 'Padaria', canal: null, instituicao_nome: null, instituicao_ispb: null, instituicao_compe: null,
  situacao: 'TRANSACAO_EFETIVADA', contraparte: null, saldo_apos: null, palavras: ['padaria'],
}; // prettier-ignore
const postingRow = (change: Record<string, unknown> = {}): MovimentacaoLinha =>
  ({ ...LINHA, ...change }) as MovimentacaoLinha;
const marked = (id = 'm-1') => ({ cpfHash: cpfHash(LINHA.cpf as never), id, ilegivel: true });

describe('A value that cannot be read is a fault and never an absence', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['an instant that is no date', { data_hora: new Date(Number.NaN) }, 'data_hora'],
    ['an instant that was left as text', { data_hora: '20/11/2026 12:00' }, 'data_hora'],
    ['a list of words that was left as text', { palavras: '{padaria}' }, 'palavras'],
    ['words that are none', { palavras: [1] }, 'palavras'],
    ['an amount that is a number', { valor: 10 }, 'valor'],
    ['a text that is bytes', { descricao: Buffer.from('x') }, 'descricao'],
    ['a column that did not come', { situacao: undefined }, 'situacao'],
  ])('is marked, and says which column it was: %s', (_, change, column) => {
    expect(documentToStore(postingRow(change), cpfHash)).toEqual({
      document: marked(),
      reason: `${column} cannot be read`,
    });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['no instant', { data_hora: null }, { dataHora: undefined }],
    ['an infinite one', { data_hora: Number.POSITIVE_INFINITY }, { dataHora: undefined }],
    [
      'a list of lists of words',
      {
        palavras: [
          ['a', 'b'],
          ['c', null],
        ],
      },
      { palavras: ['a', 'b', 'c'] },
    ],
    ['an amount that is none', { valor: 'NaN' }, { valorTexto: 'NaN' }],
  ])('has what PostgreSQL can hold as Base C’s search sees it: %s', (_, change, document) => {
    const stored = documentToStore(postingRow(change), cpfHash);
    expect(stored.reason).toBeUndefined();
    expect(stored.document).toMatchObject(document);
  });
});

/** Answers bulks as Elasticsearch does, of which a small one is not at hand. */
interface Small {
  readonly client: Client;
  /** Ids that are stored, with `ilegivel` where it was marked. */
  readonly stored: Map<string, boolean>;
  /** Rows of each request, by how it ended. */
  readonly requests: { rows: number; status: number }[];
  close(): Promise<void>;
}

type Judge = (rows: readonly { id: string; ilegivel?: boolean }[], bytes: number) => number | ((id: string) => number);

async function startSmall(judge: Judge): Promise<Small> {
  const stored = new Map<string, boolean>();
  const requests: { rows: number; status: number }[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const lines = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, never>);
    const rows = lines.flatMap((line) =>
      'index' in line ? [] : [line as unknown as { id: string; ilegivel?: boolean }],
    );
    const judged = judge(rows, body.length);
    const status = typeof judged === 'number' ? judged : 200;
    requests.push({ rows: rows.length, status });
    const items = rows.map((row) => {
      const itemStatus = typeof judged === 'number' ? judged : row.ilegivel ? 200 : judged(row.id);
      if (itemStatus < 300) stored.set(row.id, row.ilegivel ?? false);
      const type = itemStatus === 400 ? 'document_parsing_exception' : 'es_rejected_execution_exception';
      return { index: { status: itemStatus, ...(itemStatus >= 300 && { error: { type } }) } };
    });
    response.writeHead(status, {
      'content-type': 'application/vnd.elasticsearch+json;compatible-with=8',
      'x-elastic-product': 'Elasticsearch',
    });
    response.end(JSON.stringify({ errors: items.some(({ index }) => 'error' in index), items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 10_000 });
  return {
    client,
    stored,
    requests,
    async close() {
      await client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('What an engine refuses', () => {
  let small: Small;
  afterEach(() => small.close());
  const changes = (count: number, change: (n: number) => Record<string, unknown> = () => ({})): Change[] =>
    Array.from({ length: count }, (_, index) => ({
      version: index + 1,
      row: postingRow({ id: `m-${index}`, ...change(index) }),
    }));
  const reported: UnreadablePosting[] = [];
  const write = async (some: Change[]) => {
    reported.length = 0;
    const writer = indexWriter(small.client, 'i', cpfHash, {
      onUnreadable: async (rows) => void reported.push(...rows),
    });
    await writer.write(some);
    return writer;
  };

  it.each([429, 413])(
    'for its size or load, with %i, is sent in smaller requests until it is accepted',
    async (status) => {
      small = await startSmall((rows) => (rows.length > 3 ? status : 200));
      const writer = await write(changes(20));
      expect(small.stored.size).toBe(20);
      expect(reported).toEqual([]);
      // The next page begins small.
      const { length } = small.requests;
      await writer.write(changes(3));
      expect(small.requests.slice(length)).toEqual([{ rows: 3, status: 200 }]);
    },
  );

  it('even as a single posting is sent later, and is not lost', async () => {
    let refusals = 3;
    small = await startSmall(() => (refusals-- > 0 ? 429 : 200));
    await write(changes(1));
    expect(small.requests.map(({ status }) => status)).toEqual([429, 429, 429, 200]);
  });

  it('in part, because of load, is sent again in smaller requests', async () => {
    let refusals = 2;
    small = await startSmall(() => (id) => (id === 'm-3' && refusals-- > 0 ? 429 : 200));
    await write(changes(8));
    expect(small.stored.size).toBe(8);
    expect(small.requests[1]!.rows).toBeLessThan(8);
  });

  it('never goes out in requests of more than 8 MiB', async () => {
    let largestBytes = 0;
    small = await startSmall((_, bytes) => ((largestBytes = Math.max(largestBytes, bytes)), 200));
    await write(changes(20, () => ({ descricao: 'x'.repeat(1_000_000) })));
    expect(largestBytes).toBeLessThan(8 * 1024 * 1024);
    expect({ stored: small.stored.size, requests: small.requests.length }).toEqual({ stored: 20, requests: 3 });
  });

  it('permanently affects one posting only: the index marks it, and its id is reported', async () => {
    small = await startSmall(() => (id) => (id === 'm-2' ? 400 : 200));
    await write(changes(5));
    expect([...small.stored]).toEqual(expect.arrayContaining([['m-1', false], ['m-2', true], ['m-4', false]])); // prettier-ignore
    expect(reported).toEqual([{ id: 'm-2', cpfHash: marked().cpfHash, reason: 'is refused by the index' }]);
  });

  it('because of the size of one posting is marked without being sent', async () => {
    small = await startSmall(() => 200);
    await write(changes(3, (n) => (n === 1 ? { descricao: 'x'.repeat(9_000_000) } : {})));
    expect(Object.fromEntries(small.stored)).toEqual({ 'm-0': false, 'm-1': true, 'm-2': false });
    expect(reported).toMatchObject([{ id: 'm-1', reason: 'is larger than 8 MiB' }]);
  });

  it('as an unreadable value is marked, and the rest is written', async () => {
    small = await startSmall(() => 200);
    await write(changes(3, (n) => (n === 1 ? { data_hora: '20/11/2026' } : {})));
    expect(Object.fromEntries(small.stored)).toEqual({ 'm-0': false, 'm-1': true, 'm-2': false });
  });

  it('permanently and completely is thrown: the fault is not in one row', async () => {
    small = await startSmall(() => 403);
    await expect(write(changes(2))).rejects.toThrow();
    expect(reported).toEqual([]);
  });
});

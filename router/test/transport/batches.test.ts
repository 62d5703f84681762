import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PublicError } from '@pessoa/domain/errors';
import { AnswerLineReader, answerLine, BATCH_ANSWER_TYPE, BATCH_FETCHES_MAX } from '@pessoa/service/graphql/batch-format'; // prettier-ignore
import fc from 'fast-check';
import { httpWire, type HttpWireOptions } from '../../src/transport/http-wire.ts';
import type { Wire, WireAnswer } from '../../src/transport/wire.ts';
import { closeServer, listen } from '../graph/subgraphs.ts';

interface Seen {
  readonly url: string;
  readonly signature: string | undefined;
  /** The variable `n` of each fetch. */
  readonly numbers: number[];
}

type Respond = (request: Seen, response: ServerResponse, incoming: IncomingMessage) => void | Promise<void>;

const line = (number: number, n: number): string => answerLine(number, { status: 200, body: { data: { n } } });
const lines = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': BATCH_ANSWER_TYPE });
const alone = (n: number, response: ServerResponse): void => void response.end(JSON.stringify({ data: { n } }));
const isBatch = ({ url }: Seen): boolean => url === '/graphql/batch?a=b';

/** Requests of several connections arrive in any order. */
const numbersOf = (seen: readonly Seen[]): string[] => seen.map(({ numbers }) => numbers.join(',')).toSorted();

/** Answers each fetch, alone and in batches. */
const answerAll: Respond = (seen, response) => {
  if (isBatch(seen)) lines(response).end(seen.numbers.map((n, number) => line(number, n)).join(''));
  else alone(seen.numbers[0]!, response);
};

describe('Calls of one tick of the event loop', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function open(respond: Respond, options: Partial<HttpWireOptions> = {}) {
    const seen: Seen[] = [];
    const sockets = new Set<unknown>();
    const server = createServer((incoming, response) => {
      sockets.add(incoming.socket);
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (body += chunk));
      incoming.on('end', () => {
        const parsed = JSON.parse(body) as { request: { variables: { n: number } } }[] | { variables: { n: number } };
        const requests = Array.isArray(parsed) ? parsed.map(({ request }) => request) : [parsed];
        const request: Seen = {
          url: incoming.url!,
          signature: incoming.headers['x-sign'] as string | undefined,
          numbers: requests.map(({ variables }) => variables.n),
        };
        seen.push(request);
        void respond(request, response, incoming);
      });
    });
    const wire = httpWire({
      url: `${await listen(server)}?a=b`,
      fonte: 'score',
      timeoutMillis: 5_000,
      connections: 4,
      signBatch: (path, body) => ({ 'x-sign': `${path} ${JSON.parse(body).length}` }),
      ...options,
    });
    closing.push(
      () => closeServer(server),
      () => wire.close(),
    );
    return { wire, seen, sockets };
  }

  const call = (wire: Wire, n: number, { millis = 5_000, text = '' } = {}): Promise<WireAnswer> =>
    wire.exchange({ body: JSON.stringify({ query: `{ a }${text}`, variables: { n } }), headers: { authorization: `Bearer ${n}` } }, millis); // prettier-ignore

  /** The number of an answer, or what the call failed with. */
  const outcome = (answer: Promise<WireAnswer>): Promise<unknown> =>
    answer.then(
      (given) => (JSON.parse((given as { text: string }).text) as { data: { n: number } }).data.n,
      (error: PublicError) => `${error.code}: ${(error.cause as Error).message}`,
    );
  const outcomes = (answers: Promise<WireAnswer>[]): Promise<unknown[]> => Promise.all(answers.map(outcome));

  it('share a request, which is signed as a whole, and each gets its own answer', async () => {
    const { wire, seen } = await open(answerAll);
    expect(await outcomes([call(wire, 1), call(wire, 2), call(wire, 3)])).toEqual([1, 2, 3]);
    expect(seen).toEqual([{ url: '/graphql/batch?a=b', signature: '/graphql/batch?a=b 3', numbers: [1, 2, 3] }]);
  });

  it('do not share it when there is one, when one is long, or without a signature', async () => {
    const { wire, seen } = await open(answerAll);
    expect(await outcome(call(wire, 1))).toBe(1);
    const text = ` # ${'x'.repeat(300_000)}`;
    expect(await outcomes([call(wire, 2), call(wire, 3, { text }), call(wire, 4)])).toEqual([2, 3, 4]);
    expect(seen.filter(isBatch)).toEqual([]);
    expect(numbersOf(seen)).toEqual(['1', '2', '3', '4']);
    const unsigned = await open(answerAll, { signBatch: undefined });
    expect(await outcomes([call(unsigned.wire, 1), call(unsigned.wire, 2)])).toEqual([1, 2]);
    expect(unsigned.seen).toHaveLength(2);
  });

  it('also share it with those of the next ticks while several requests run, and with none while few do', async () => {
    const answers: (() => void)[] = [];
    const { wire, seen } = await open(
      (request, response) => {
        answers.push(() => void answerAll(request, response, undefined as never));
      },
      { connections: 8 },
    );
    const text = ` # ${'x'.repeat(262_144)}`; // too long for a batch
    const few = [call(wire, 1, { text }), call(wire, 2, { text }), call(wire, 3, { text })];
    while (seen.length < 3) await sleep(5);
    const apart = [call(wire, 4)];
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    apart.push(call(wire, 5));
    while (seen.length < 5) await sleep(5);
    const together = [call(wire, 6)];
    await new Promise(setImmediate);
    together.push(call(wire, 7));
    await new Promise(setImmediate);
    together.push(call(wire, 8));
    while (seen.length < 6) await sleep(5);
    await sleep(20);
    expect(numbersOf(seen)).toEqual(['1', '2', '3', '4', '5', '6,7,8']);
    answers.forEach((answer) => answer());
    expect(await outcomes([...few, ...apart, ...together])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it(`are at most ${BATCH_FETCHES_MAX} in a request`, async () => {
    const { wire, seen } = await open(answerAll);
    const numbers = Array.from({ length: 2 * BATCH_FETCHES_MAX + 1 }, (_, n) => n);
    expect(await outcomes(numbers.map((n) => call(wire, n)))).toEqual(numbers);
    expect(seen.map((request) => request.numbers.length).toSorted((a, b) => b - a)).toEqual([BATCH_FETCHES_MAX, BATCH_FETCHES_MAX, 1]); // prettier-ignore
  });

  it('do not wait for a slow one', async () => {
    let finish!: () => void;
    const { wire } = await open((seen, response) => {
      lines(response).write(line(1, seen.numbers[1]!));
      finish = () => void response.end(line(0, seen.numbers[0]!));
    });
    const [slow, quick] = [call(wire, 1), call(wire, 2)];
    expect(await outcome(quick)).toBe(2);
    finish();
    expect(await outcome(slow)).toBe(1);
  });

  it('end at their own deadlines, and the connection serves the next ones', async () => {
    let finish!: () => void;
    const { wire, sockets } = await open(
      (seen, response, incoming) => {
        if (seen.numbers.includes(1)) finish = () => void lines(response).end(line(0, 1) + line(1, 2));
        else void answerAll(seen, response, incoming);
      },
      { connections: 1 },
    );
    const [hurried, patient] = [call(wire, 1, { millis: 1_000 }), call(wire, 2)];
    expect(await outcome(hurried)).toBe('FONTE_LENTA: the source did not answer in time');
    finish();
    expect(await outcome(patient)).toBe(2);
    expect(await outcomes([call(wire, 3), call(wire, 4)])).toEqual([3, 4]);
    expect(sockets.size).toBe(1);
  });

  it('abort their request when none waits any more', async () => {
    let aborted!: () => void;
    const isAborted = new Promise<void>((resolve) => (aborted = resolve));
    const { wire } = await open((seen, response) => {
      response.on('close', aborted);
      lines(response).write(line(0, seen.numbers[0]!));
    });
    expect(await outcomes([call(wire, 1), call(wire, 2, { millis: 1_000 })])).toEqual([
      1,
      'FONTE_LENTA: the source did not answer in time',
    ]);
    await isAborted;
  });

  it('are not sent when their time ends in the queue of the pool', async () => {
    const held = Promise.withResolvers<void>();
    const { wire, seen } = await open(
      async (request, response, incoming) => {
        if (request.numbers[0] === 0) await held.promise;
        await answerAll(request, response, incoming);
      },
      { connections: 1 },
    );
    const first = call(wire, 0);
    await sleep(20);
    expect(await outcomes([call(wire, 1, { millis: 50 }), call(wire, 2, { millis: 60 })])).toEqual(
      Array(2).fill('FONTE_LENTA: the source did not answer in time'),
    );
    held.resolve();
    await first;
    expect(await outcome(call(wire, 3))).toBe(3);
    expect(seen.map(({ numbers }) => numbers)).toEqual([[0], [3]]);
  });

  it.each([
    ['is unknown to a subgraph of an older version', (response: ServerResponse) => void response.writeHead(404).end()],
    ['is refused', (response: ServerResponse) => void response.writeHead(401).end('{"errors":[]}')],
    ['gets the page of a proxy', (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')], // prettier-ignore
  ])('are sent alone, and so are others for a while, when their batch %s', async (_, refuse) => {
    const { wire, seen } = await open((request, response) =>
      isBatch(request) ? refuse(response) : alone(request.numbers[0]!, response),
    );
    expect(await outcomes([call(wire, 1), call(wire, 2)])).toEqual([1, 2]);
    expect(await outcomes([call(wire, 3), call(wire, 4)])).toEqual([3, 4]);
    expect(numbersOf(seen)).toEqual(['1', '1,2', '2', '3', '4']);
  });

  it('all get the status of a server that cannot answer now, and are not sent again by the wire', async () => {
    const { wire, seen } = await open((_request, response) => void response.writeHead(503).end('{}'));
    const answers = await Promise.all([call(wire, 1), call(wire, 2)]);
    expect(answers).toEqual(Array(2).fill({ status: 503, text: '' }));
    expect(numbersOf(seen)).toEqual(['1,2']);
  });

  it.each([
    ['without a byte', '', ['FONTE_INDISPONIVEL: sent', 'FONTE_INDISPONIVEL: sent', 'FONTE_INDISPONIVEL: sent']],
    ['after an answer', line(1, 2), ['FONTE_INDISPONIVEL: sent', 2, 'FONTE_INDISPONIVEL: sent']],
    [
      'in an answer',
      line(1, 2) + line(0, 1).slice(0, 10),
      ['FONTE_INVALIDA: answering', 2, 'FONTE_INDISPONIVEL: sent'],
    ],
  ])('lose only what was not answered when the connection ends %s', async (_, sent, expected) => {
    const { wire } = await open((_request, response) => {
      if (sent === '') return void response.destroy();
      lines(response).write(sent, () => response.destroy());
    });
    const ends = await outcomes([call(wire, 1), call(wire, 2), call(wire, 3)]);
    expect(ends.map((end) => (typeof end === 'string' ? end.split(': ', 2).join(': ') : end))).toEqual(expected);
  });

  it.each([
    ['ends before all are answered', line(0, 1), [1, 'FONTE_INVALIDA: answering: Error the batch ended without this answer']], // prettier-ignore
    ['has a line of another form', `${line(0, 1)}{"data":1}\n`, [1, 'FONTE_INVALIDA: answering: Error a line of the batch cannot be read']], // prettier-ignore
    ['answers a call that is not there', `${line(0, 1)}${line(7, 1)}`, [1, 'FONTE_INVALIDA: answering: Error a line of the batch cannot be read']], // prettier-ignore
    ['answers one twice', line(0, 1) + line(0, 3) + line(1, 2), [1, 2]],
  ])('get no answer of another call when the answer %s', async (_, sent, expected) => {
    const { wire } = await open((_request, response) => void lines(response).end(sent));
    expect(await outcomes([call(wire, 1), call(wire, 2)])).toEqual(expected);
  });

  it('pay alone for an answer that is too large', async () => {
    const tooLarge = answerLine(0, { status: 200, body: 'x'.repeat(200) });
    const { wire } = await open((_request, response) => void lines(response).end(tooLarge + line(1, 2)), {
      maxResponseBytes: 100,
    });
    expect(await outcomes([call(wire, 1), call(wire, 2)])).toEqual([
      'FONTE_INVALIDA: the answer has more than 100 bytes',
      2,
    ]);
  });
});

describe('The lines of a batch', () => {
  it('are read wherever the network cuts them, and those that are too long are left out', () => {
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.record({ data: fc.string(), n: fc.integer() }));
    const answers = fc.array(fc.record({ status: fc.constantFrom(200, 400, 500), body }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(answers, fc.array(fc.nat(40)), fc.integer({ min: 12, max: 60 }), (given, cuts, maxBytes) => {
        const sent = given.map((answer, number) => answerLine(number, answer));
        const bytes = Buffer.from(sent.join(''));
        const read: unknown[] = [];
        const reader = new AnswerLineReader(
          maxBytes,
          (answer) => read.push(answer),
          (number) => read.push({ number, tooLong: true }),
        );
        let start = 0;
        for (const cut of [...cuts, bytes.length]) {
          reader.add(bytes.subarray(start, start + cut));
          start += cut;
        }
        reader.add(bytes.subarray(start));
        expect(reader.started).toBe(undefined);
        expect(read).toEqual(
          given.map(({ status, body: value }, number) =>
            Buffer.byteLength(sent[number]!) - 1 > maxBytes
              ? { number, tooLong: true }
              : { number, status, text: JSON.stringify(value) },
          ),
        );
      }),
      { numRuns: 500 },
    );
  });
});

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { askScores } from '../../src/evaluation/ask-scores.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: object;
  /** The connection ends without an answer. */
  readonly isCut?: boolean;
}

const nextCpf = cpfSequence(303_030_303);
const labels = (count: number) => Array.from({ length: count }, (_, index) => ({ cpf: nextCpf(), inadimplente: index % 2 === 0 })); // prettier-ignore
const person = (valor: number, modelo = 'pessoa-2026.1') => ({
  score: { valor, faixa: 'BOM', probabilidadeInadimplencia: '0.2000', modelo, desatualizado: false, fatores: [] },
  perfil: { idade: 40 },
});
const pessoas = (...people: object[]): Answer => ({ body: { data: { pessoas: people } } });
const refused = (status: number, code: string, extensions: object = {}): Answer => ({
  status,
  body: { errors: [{ message: 'no', extensions: { code, ...extensions } }] },
});

/** The answers of a router one after the other: what no router of a test can be made to say. */
describe('Asking for scores', () => {
  let server: Server;
  let answers: ((cpfs: string[]) => Answer)[];
  let requests: { readonly headers: IncomingMessage['headers']; readonly cpfs: string[] }[];
  let waited: number[];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += chunk;
      const { cpfs } = (JSON.parse(text) as { variables: { cpfs: string[] } }).variables;
      requests.push({ headers: request.headers, cpfs });
      const { status = 200, headers, body, isCut = false } = answers.shift()!(cpfs);
      if (isCut) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    [answers, requests, waited] = [[], [], []];
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const ask = (people: ReturnType<typeof labels>, modelo?: string) =>
    askScores(people, {
      modelo,
      router: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: 'a.b.c',
      finalidade: 'CONCESSAO_CREDITO',
      wait: async (seconds) => void waited.push(seconds),
    });

  it('asks for a hundred people at a time, in order, with token and purpose', async () => {
    const people = labels(201);
    answers = [1, 2, 3].map((page) => (cpfs) => pessoas(...cpfs.map((_, index) => person(100 * page + index))));
    const { people: scored, modelo } = await ask(people);
    expect(requests.map(({ cpfs }) => cpfs.length)).toEqual([100, 100, 1]);
    expect(requests.flatMap(({ cpfs }) => cpfs)).toEqual(people.map(({ cpf }) => cpf));
    expect(requests[0]!.headers).toMatchObject({ authorization: 'Bearer a.b.c', 'x-finalidade': 'CONCESSAO_CREDITO' });
    expect(modelo).toBe('pessoa-2026.1');
    expect([scored[0], scored[100], scored[200]].map((each) => [each!.valor, each!.inadimplente])).toEqual([
      [100, true],
      [200, true],
      [300, true],
    ]);
  });

  it('counts people whom the base does not know, and those whose rows it got wrong', async () => {
    answers = [
      () => ({
        body: {
          data: { pessoas: [person(1), { score: null, perfil: null }, { score: null, perfil: null }] },
          errors: [{ path: ['pessoas', 2, 'score'], extensions: { code: 'FONTE_INVALIDA' } }],
        },
      }),
    ];
    expect(await ask(labels(3))).toMatchObject({ people: [{ valor: 1 }], unknown: 1, invalid: 1 });
  });

  it('waits as long as the answer says when a quota is used up or a source is lost, and then asks again', async () => {
    answers = [
      () => ({ ...refused(429, 'RATE_LIMITED'), headers: { 'retry-after': '17' } }),
      () => ({ body: { data: { pessoas: [{ score: null, perfil: null }] }, errors: [{ path: ['pessoas', 0, 'score'], extensions: { code: 'FONTE_LENTA' } }] } }), // prettier-ignore
      () => pessoas(person(7)),
    ];
    expect(await ask(labels(1))).toMatchObject({ people: [{ valor: 7 }], unknown: 0 });
    expect(waited).toEqual([17, 5]);
  });

  it('asks again when the connection breaks, or a proxy does not reach the router', async () => {
    answers = [
      () => ({ isCut: true, body: {} }),
      () => ({ status: 502, body: {} }),
      () => ({ status: 504, headers: { 'retry-after': '2' }, body: {} }),
      () => pessoas(person(7)),
    ];
    expect(await ask(labels(1))).toMatchObject({ people: [{ valor: 7 }] });
    expect(waited).toEqual([5, 5, 2]);
  });

  it('gives up after four broken connections', async () => {
    answers = Array.from({ length: 5 }, () => () => ({ isCut: true, body: {} }));
    await expect(ask(labels(1))).rejects.toMatchObject({ code: 'ROTEADOR_INDISPONIVEL' });
    expect(waited).toEqual([5, 5, 5]);
  });

  it('gives up after four tries', async () => {
    answers = Array.from({ length: 5 }, () => () => refused(503, 'FONTE_INDISPONIVEL'));
    await expect(ask(labels(1))).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL' });
    expect(requests).toHaveLength(4);
  });

  it('stops at once when the token may not, and says which scopes are missing', async () => {
    answers = [() => ({ ...refused(200, 'UNAUTHORIZED_FIELD_OR_TYPE', { motivo: 'ESCOPO', escopos: ['score:detalhe'] }) })]; // prettier-ignore
    await expect(ask(labels(1))).rejects.toMatchObject({
      message: 'UNAUTHORIZED_FIELD_OR_TYPE: the router answered 200 (ESCOPO: score:detalhe)',
    });
    expect(waited).toEqual([]);
  });

  it('stops when the model changes between two pages: one report is about one model', async () => {
    answers = [(cpfs) => pessoas(...cpfs.map(() => person(1))), () => pessoas(person(1, 'pessoa-2026.2'))];
    await expect(ask(labels(101))).rejects.toMatchObject({ code: 'MODELO_MUDOU' });
  });

  it('stops at the first page of another model than that of the people before', async () => {
    answers = [(cpfs) => pessoas(...cpfs.map(() => person(1, 'pessoa-2026.2')))];
    await expect(ask(labels(101), 'pessoa-2026.1')).rejects.toMatchObject({ code: 'MODELO_MUDOU' });
    expect(requests).toHaveLength(1);
  });

  it('does not follow a redirection with its token, and says that no router answers', async () => {
    answers = [() => ({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: {} })];
    await expect(ask(labels(1))).rejects.toMatchObject({ code: 'ROTEADOR_INDISPONIVEL' });
    expect([requests.length, waited]).toEqual([1, []]);
  });
});

import { PublicError } from '@pessoa/domain/errors';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { constantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { jsonOf } from '@pessoa/service/graphql/json-text';
import { withoutField } from '@pessoa/testkit/without-field';
import type { BaseContext } from '@apollo/server';
import { CheckedText } from '../../src/execution/checked-text.ts';
import { ANA, BIA } from '../graph/people.ts';
import { MAIN_QUERY } from '../graph/queries.ts';
import { NO_HEADERS, type RouterSettings, type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { type PessoaFields, startSubgraph, type TestSubgraph } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
/** The source of Debt fails for Bia. */
const ofAnaAlone: PessoaFields = {
  nome({ cpf }) {
    if (cpf === BIA) throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'divida' });
    return 'Ana Fictícia';
  },
};
const PEOPLE = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome score { valor } } }';
/** From its third use on, an operation is known. */
const USES = 5;

describe('A known operation', () => {
  let subgraphs: TestSubgraph[];
  let urls: Record<Service, string>;
  const routers: RouterUnderTest[] = [];

  beforeAll(async () => {
    subgraphs = await Promise.all(serviceNames.map((name) => startSubgraph(name, name === 'debt' ? ofAnaAlone : {})));
    urls = Object.fromEntries(serviceNames.map((name, index) => [name, subgraphs[index]!.url])) as typeof urls;
  });
  afterEach(() => Promise.all(routers.splice(0).map((router) => router.close())));
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.close())));

  async function start(settings: RouterSettings = {}): Promise<RouterUnderTest> {
    const router = await startRouter(supergraphSdl, urls, settings);
    routers.push(router);
    return router;
  }

  /** The answers of several uses, and how many of them Apollo Server made. */
  async function use(router: RouterUnderTest, request: object, uses = USES) {
    const before = router.serverRuns();
    const answers = [];
    for (let count = 0; count < uses; count++) answers.push(await router.post(request));
    return { answers, serverRuns: router.serverRuns() - before };
  }

  it('has the status, the headers and the bytes of Apollo Server', async () => {
    const { answers, serverRuns } = await use(await start(), { query: MAIN_QUERY, variables: { cpf: ANA } });
    expect(answers).toEqual(Array(USES).fill(answers[0]));
    expect(answers[0]).toMatchObject({ status: 200, errors: [] });
    expect(serverRuns).toBe(2);
  });

  it.each([
    ['the name of its operation', { operationName: 'Principal' }, 0],
    ['no name', { operationName: null }, 0],
    ['an extension of the client', { extensions: { clientLibrary: { name: 'a', version: '1' } } }, 0],
    ['another name', { operationName: 'Outra' }, 1],
    ['an empty name', { operationName: '' }, 1],
    ['a bad CPF', { variables: { cpf: '1' } }, 1],
    ['no variables', { variables: null }, 1],
    ['a variable of another type', { variables: { cpf: { a: 1 } } }, 1],
    ['an unknown variable', { variables: { cpf: ANA, outra: 1 } }, 0],
  ])('is answered as by a new router when it is sent with %s', async (_, members, serverRuns) => {
    const request = { query: MAIN_QUERY, variables: { cpf: ANA } };
    const [router, other] = [await start(), await start()];
    await use(router, request, 3);
    const answer = await use(router, { ...request, ...members }, 1);
    expect(answer).toEqual({ answers: [await other.post({ ...request, ...members })], serverRuns });
  });

  it('is counted once for its client, also when Apollo Server has to finish it', async () => {
    const counted: unknown[] = [];
    const router = await start({ admitOperation: async ({ variables }) => void counted.push(variables['cpf']) });
    await use(router, { query: MAIN_QUERY, variables: { cpf: ANA } });
    for (const { calls } of subgraphs) calls.splice(0);
    const { answers, serverRuns } = await use(router, { query: MAIN_QUERY, variables: { cpf: BIA } }, 1);
    expect(answers[0]!.errors.map(({ path }) => path)).toEqual([['pessoa', 'nome']]);
    expect(serverRuns).toBe(1);
    expect(subgraphs.map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    expect(counted).toEqual([...Array(USES).fill(ANA), BIA]);
  });

  it('is refused as at its first use when its client has sent too much', async () => {
    let left = 4;
    const router = await start({
      async admitOperation() {
        if (left-- <= 0) throw new PublicError('RATE_LIMITED', { detail: 'Too many.' });
      },
    });
    const { answers } = await use(router, { query: MAIN_QUERY, variables: { cpf: ANA } });
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    const other = await start({
      admitOperation: () => Promise.reject(new PublicError('RATE_LIMITED', { detail: 'Too many.' })),
    });
    expect(answers.at(-1)).toEqual(await other.ask(MAIN_QUERY, { cpf: ANA }));
    for (const { calls } of subgraphs) calls.splice(0);
    await router.ask(MAIN_QUERY, { cpf: ANA });
    expect(subgraphs.map(({ calls }) => calls.length)).toEqual([0, 0, 0]);
  });

  it('of a client that wants the cost is left to Apollo Server, which tells it', async () => {
    const router = await start({ context: { wantsCost: true } });
    const { answers, serverRuns } = await use(router, { query: MAIN_QUERY, variables: { cpf: ANA } });
    expect(serverRuns).toBe(USES);
    expect(answers.at(-1)!.headers.get('x-cost-estimate')).toBe(answers[0]!.headers.get('x-cost-estimate'));
    expect(answers[0]!.headers.get('x-cost-estimate')).toMatch(/^\d+$/);
  });

  it('may cost no more than at its first use', async () => {
    const router = await start({ maxCost: 30 });
    const many = { query: PEOPLE, variables: { cpfs: Array.from({ length: 100 }, () => ANA) } };
    const refused = await router.post(many);
    expect(refused).toMatchObject({ status: 400, errors: [{ extensions: { code: 'LIMITE_EXCEDIDO' } }] });
    await use(router, { query: PEOPLE, variables: { cpfs: [ANA] } });
    expect(await router.post(many)).toEqual(refused);
  });

  it('gets what plugins make of its answer: another body, a status, headers', async () => {
    const seen: unknown[] = [];
    const plugin = constantPlugin<BaseContext>({
      async willSendResponse({ document, operation, request, response }) {
        seen.push([document?.kind, operation?.operation, request.variables]);
        response.http.status = 503;
        response.http.headers.set('retry-after', '7');
        response.body = { kind: 'single', singleResult: { errors: [] } };
      },
    });
    const { answers, serverRuns } = await use(await start({ plugins: [plugin] }), {
      query: MAIN_QUERY,
      variables: { cpf: ANA },
    });
    expect(serverRuns).toBe(2);
    expect(answers).toEqual(Array(USES).fill(answers[0]));
    expect(answers[0]).toMatchObject({ status: 503, body: '{"errors":[]}\n' });
    expect(answers[0]!.headers.get('retry-after')).toBe('7');
    expect(seen).toEqual(Array(USES).fill(['Document', 'query', { cpf: ANA }]));
  });

  describe('whose caller takes text', () => {
    /** What the router makes of an operation that it knows. */
    async function answerOf(router: RouterUnderTest, cpfs: readonly string[], takesText = true) {
      await use(router, { query: PEOPLE, variables: { cpfs: [ANA] } });
      const context = { forwardedHeaders: NO_HEADERS };
      const answer = await router.known!.answer({ query: PEOPLE, variables: { cpfs } }, context, takesText);
      return answer?.body.data as { pessoas: Record<string, unknown>[] } | undefined;
    }
    const whole = { pessoas: [{ nome: 'Ana Fictícia', score: { valor: 1 } }] };

    it('has the text that the sources sent, and else values', async () => {
      const router = await start();
      const data = await answerOf(router, [ANA]);
      expect(data?.pessoas[0]!['score']).toBeInstanceOf(CheckedText);
      expect(data!.pessoas[0]!['score']).toHaveProperty('text', '{"valor":1}');
      expect(JSON.parse(jsonOf(data))).toEqual(whole);
      const values = await answerOf(router, [ANA], false);
      expect(values?.pessoas[0]!['score']).not.toBeInstanceOf(CheckedText);
      expect(values).toEqual(whole);
    });

    it('is left to Apollo Server with its values when one source has an error', async () => {
      const router = await start();
      expect(await answerOf(router, [ANA, BIA])).toBeUndefined();
      const { answers } = await use(router, { query: PEOPLE, variables: { cpfs: [ANA, BIA] } });
      expect(answers[0]!.data).toEqual({ pessoas: [...whole.pessoas, { nome: null, score: { valor: 2 } }] });
      expect(answers).toEqual(Array(USES).fill(answers[0]));
    });

    it('has the order of the client where the sources have another', async () => {
      const query = `{ pessoa(cpf: "${ANA}") { score { faixa } score { valor } ...F } } fragment F on Pessoa { score { faixa valor } }`;
      const { answers, serverRuns } = await use(await start(), { query });
      expect(serverRuns).toBe(2);
      expect(answers.map(({ body }) => body)).toEqual(Array(USES).fill(answers[0]!.body));
    });
  });

  it('is alone in its document', async () => {
    const router = await start();
    const query = `query A { pessoa(cpf: "${ANA}") { nome } } query B { pessoa(cpf: "${BIA}") { nome } }`;
    const { serverRuns, answers } = await use(router, { query, operationName: 'B' });
    expect(serverRuns).toBe(USES);
    expect(answers).toEqual(Array(USES).fill(answers[0]));
  });

  it('is planned by another router before a client sends it there, and is not run', async () => {
    const operations = [
      { query: MAIN_QUERY, variables: { cpf: ANA } },
      { query: PEOPLE, variables: { cpfs: [ANA, BIA] } },
    ];
    const first = await start();
    const expected = [];
    for (const operation of operations) expected.push((await use(first, operation)).answers.at(-1));
    const recent = first.known!.recent(10);
    expect(recent.map(({ text }) => text)).toEqual([PEOPLE, MAIN_QUERY]);
    expect(first.known!.recent(1)).toEqual([recent[0]]);
    const second = await start();
    const calls = subgraphs.map((subgraph) => subgraph.calls.length);
    for (const operation of recent) expect(await second.known!.learn(operation)).toEqual([]);
    expect(subgraphs.map((subgraph) => subgraph.calls.length)).toEqual(calls);
    const answers = [];
    for (const operation of operations) answers.push(await second.post(operation));
    expect(answers).toEqual(expected);
    // Apollo Server makes the error of Bia's name, from the plan that is there.
    expect(second.serverRuns()).toBe(1);
  });

  it('is planned there also when its root depends on a variable', async () => {
    const query = 'query ($cpf: CPF!, $comNome: Boolean!) { pessoa(cpf: $cpf) @include(if: $comNome) { nome } }';
    const first = await start();
    const { answers } = await use(first, { query, variables: { cpf: ANA, comNome: true } });
    const second = await start();
    expect(await second.known!.learn(first.known!.recent(1)[0]!)).toEqual([]);
    expect(await second.post({ query, variables: { cpf: ANA, comNome: true } })).toEqual(answers[0]);
    expect((await second.post({ query, variables: { cpf: ANA, comNome: false } })).data).toEqual({});
  });

  it('is refused by a router whose schema does not have all that it asks for', async () => {
    const first = await start();
    await use(first, { query: PEOPLE, variables: { cpfs: [ANA] } });
    const second = await startRouter(withoutField(supergraphSdl, 'score'), urls);
    routers.push(second);
    expect(await second.known!.learn(first.known!.recent(1)[0]!)).toEqual(['line 1: score']);
    expect(second.known!.recent(1)).toEqual([]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Cpf } from '@pessoa/domain/cpf';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { type RunningTracing, startTracing } from '@pessoa/service/tracing/start-tracing';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { personalDataIn } from '@pessoa/testkit/logs/personal-data';
import { addPerson } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { key: string; value: { stringValue?: string; intValue?: number } }[];
}

/** A collector of this test: it keeps what it gets. */
async function startCollector() {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body);
      response.setHeader('content-type', request.headers['content-type'] ?? '').end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    bodies,
    spans: (): SentSpan[] =>
      bodies.flatMap((body) => {
        const { resourceSpans } = JSON.parse(body.toString()) as {
          resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
        };
        return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
      }),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const attribute = ({ attributes }: SentSpan, name: string): unknown => {
  const { stringValue, intValue } = attributes.find(({ key }) => key === name)?.value ?? {};
  return stringValue ?? intValue;
};

const CLIENT_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';
/** From its third use on, the router and the subgraphs answer without Apollo Server. */
const USES = 4;

describe.each(['relayed', 'single'] as const)('A trace of the whole graph, %s,', (wiring) => {
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let tracing: RunningTracing;
  let graph: WholeGraph;
  let cpf: Cpf;
  let token: string;

  beforeAll(async () => {
    collector = await startCollector();
    const { url } = collector;
    const sampling = { sampler: 'parentbased_always_off', ratio: 1, serviceName: undefined } as const;
    tracing = await startTracing(
      { url, protocol: 'http/json', headers: {}, timeoutMillis: 5_000, ...sampling },
      'test',
    );
    graph = await startWholeGraph({ wiring });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf], clientId: 'banco-inventado' });
  });
  afterAll(async () => {
    await graph.close();
    await tracing.close();
    await collector.close();
  });

  const ask = (traceparent: string, query = EXAMPLE_QUERY) =>
    graphql(graph.router.url, { token, query, variables: { cpf }, headers: { traceparent } });

  /** The spans of one trace, once the router's is there. */
  async function spansOf(traceId: string): Promise<SentSpan[]> {
    let spans: SentSpan[] = [];
    await until('the spans are sent', async () => {
      await tracing.flush();
      spans = collector.spans().filter((span) => span.traceId === traceId);
      return spans.some((span) => attribute(span, 'pessoa.service') === 'router');
    });
    return spans;
  }

  it('goes from the client over the router, each fetch and each batch to the statements, on every way', async () => {
    for (let use = 1; use <= USES; use++) {
      const traceId = `${CLIENT_TRACE.slice(0, -1)}${use}`;
      const { body } = await ask(`00-${traceId}-${CLIENT_SPAN}-01`);
      expect(body.errors).toBeUndefined();
      const spans = await spansOf(traceId);
      const byId = new Map(spans.map((span) => [span.spanId, span]));
      const parentOf = (span: SentSpan): SentSpan | undefined => byId.get(span.parentSpanId ?? '');
      const withName = (name: string): SentSpan[] => spans.filter((span) => span.name.startsWith(name));
      const [root, ...others] = spans.filter((span) => !parentOf(span));
      expect(others).toEqual([]);
      expect(root).toMatchObject({ name: 'POST /graphql', parentSpanId: CLIENT_SPAN });
      expect(attribute(root!, 'pessoa.operacao')).toBe('Pessoa');
      const ways = use < 3 ? ['gateway'] : ['compiled', 'known'];
      expect(ways).toContain(attribute(root!, 'pessoa.way'));
      const fetches = withName('fetch ').toSorted((a, b) => a.name.localeCompare(b.name));
      expect(fetches.map(({ name }) => name)).toEqual(['fetch divida', 'fetch evento', 'fetch score']);
      for (const fetch of fetches) expect(parentOf(fetch)).toBe(root);
      const answers = spans.filter((span) =>
        ['debt', 'score', 'event'].includes(String(attribute(span, 'pessoa.service'))),
      );
      expect(new Set(answers.map((span) => parentOf(span)?.name))).toEqual(new Set(fetches.map(({ name }) => name)));
      const batches = withName('batch ');
      expect(new Set(batches.map(({ name }) => name))).toContain('batch dividas');
      for (const batch of batches) expect(answers).toContain(parentOf(batch));
      const statements = withName('sql base-');
      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) {
        expect(parentOf(statement)!.name).toMatch(/^(?:batch|redis) /);
        expect(attribute(statement, 'pessoa.statement')).toMatch(/^[\w-]{22}$|^\(unnamed\)$/);
      }
      expect(parentOf(withName('audit')[0]!)).toBe(root);
      expect(parentOf(spans.find(({ name }) => name === 'sql audit')!)?.name).toBe('audit');
    }
  });

  it('has the fetches of a shared request each in the trace of its own client', async () => {
    const traceIds = Array.from({ length: 6 }, (_, index) => `${'a'.repeat(30)}0${index}`);
    const queries = traceIds.map(
      (_, index) => `query ($cpf: CPF!) { p${index}: pessoa(cpf: $cpf) { nome dividas { totalCount } } }`,
    );
    for (let use = 0; use < USES; use++)
      await Promise.all(traceIds.map((traceId, index) => ask(`00-${traceId}-${CLIENT_SPAN}-01`, queries[index])));
    for (const traceId of traceIds) {
      const spans = await spansOf(traceId);
      const ids = new Set(spans.map(({ spanId }) => spanId));
      const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
      expect(roots.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual(Array.from({ length: USES }, () => ['POST /graphql', CLIENT_SPAN])); // prettier-ignore
      expect(spans.filter((span) => attribute(span, 'pessoa.service') === 'debt')).toHaveLength(USES);
      expect(spans.filter(({ name }) => name === 'batch dividas')).toHaveLength(USES);
    }
  });

  it('is not made of a request that the client does not want traced, or whose header is none', async () => {
    const before = (await spansOf(`${CLIENT_TRACE.slice(0, -1)}1`), collector.spans().length);
    await ask(`00-${'b'.repeat(32)}-${CLIENT_SPAN}-00`);
    await ask(`00-${cpf}-${CLIENT_SPAN}-01`);
    await ask('0'.repeat(5_000));
    await ask('');
    await tracing.flush();
    expect(collector.spans().length).toBe(before);
  });

  it('is not forced by a client without a valid token, on any door', async () => {
    await tracing.flush();
    const before = collector.spans().length;
    const traceparent = `00-${'d'.repeat(32)}-${CLIENT_SPAN}-01`;
    const expired = await graph.environment.token({ ttlSeconds: -600 });
    for (const authorization of ['', 'Bearer a.b.c', `Bearer ${token}x`, `Bearer ${expired}`]) {
      const headers = { traceparent, ...(authorization && { authorization }) };
      for (const path of [`/divida/${cpf}`, '/', `/nada/${cpf}`])
        await fetch(`${graph.router.url}${path}`, { headers }).then((response) => response.text());
      const body = JSON.stringify({ query: '{ __typename }' });
      const post = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
      for (const { url } of [graph.router, ...Object.values(graph.subgraphs)])
        expect((await fetch(`${url}/graphql`, post)).status).toBe(401);
    }
    await tracing.flush();
    expect(collector.spans().length).toBe(before);
  });

  it('has no CPF, name or token in any byte, and its id is in the lines of the log', async () => {
    const traceId = 'c'.repeat(32);
    const traceparent = `00-${traceId}-${CLIENT_SPAN}-01`;
    const headers = { authorization: `Bearer ${token}`, traceparent, tracestate: `cpf=${cpf}`, baggage: `cpf=${cpf}` };
    for (const path of [`/divida/${cpf}`, `/evento/${cpf}`, '/divida/11111111111', `/nada/${cpf}`])
      await fetch(`${graph.router.url}${path}`, { headers }).then((response) => response.text());
    await ask(traceparent, `query Op_${cpf} { pessoa(cpf: "${cpf}") { nome } }`);
    await ask(traceparent, `query { pessoa(cpf: "${cpf}x") { nome } }`);
    await rest(graph.router.url, `/score/${cpf}`, `${token}x`);
    expect((await spansOf(traceId)).length).toBeGreaterThan(20);
    const sent = Buffer.concat(collector.bodies).toString();
    expect(sent).not.toContain(cpf);
    expect(sent).not.toContain(token.split('.')[2]);
    const texts = collector.spans().flatMap(({ name, attributes }) => [name, ...attributes.map(({ value }) => String(value.stringValue))]); // prettier-ignore
    expect([...personalDataIn(texts.join('\n'))]).toEqual([]);
    const lines = graph.environment.logLines().map((line) => JSON.parse(line) as { traceId?: string; rota?: string });
    expect(lines.filter((line) => line.traceId === traceId && line.rota === '/divida/:cpf').length).toBeGreaterThan(0);
  });
});

import type { Cpf } from '@pessoa/domain/cpf';
import { serviceNames } from '@pessoa/domain/services';
import { freePort } from '@pessoa/service/processes/free-port';
import { startTracing } from '@pessoa/service/tracing/start-tracing';
import { rest } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../../src/people.ts';
import { fires, observe } from '../../src/promtool.ts';
import { scrape } from '../../src/scraped-metrics.ts';
import { startWholeGraph, type WholeGraph } from '../../src/whole-graph.ts';

const REQUESTS = 10;

describe('An alert about what is seen of the system fires for its cause, and not before:', () => {
  let graph: WholeGraph;
  let cpf: Cpf;
  let token: string;
  beforeAll(async () => {
    // Without an index: with one, Event's metrics say that an indexer belongs to the system.
    const env = { ELASTICSEARCH_URL: `http://127.0.0.1:${await freePort()}` };
    graph = await startWholeGraph({ wiring: 'relayed', auditor: true, env });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());

  it('a service that the collector does not know', async () => {
    const { router } = graph;
    const urls = {
      auditor: graph.auditor!.metricsUrl,
      ...Object.fromEntries(serviceNames.map((name) => [name, graph.subgraphs[name].metricsUrl])),
    };
    const all = await observe({ ...urls, router: router.metricsUrl });
    expect(await fires('PessoaMetricsMissing', all)).toBe(false);
    expect(await fires('PessoaMetricsMissing', await observe(urls))).toBe(true);
    const { auditor: _unknown, ...others } = urls;
    expect(await fires('PessoaMetricsMissing', await observe({ ...others, router: router.metricsUrl }))).toBe(true);
  });

  it('a collector of traces that is gone, and every request is answered', async () => {
    const urls = { router: graph.router.metricsUrl };
    const sampling = { sampler: 'always_on', ratio: 1, serviceName: undefined } as const;
    const url = `http://127.0.0.1:${await freePort()}/v1/traces`;
    const tracing = await startTracing({ ...sampling, url, protocol: 'http/json', headers: {}, timeoutMillis: 100 }, 'test'); // prettier-ignore
    try {
      const first = await observe(urls);
      for (let request = 0; request < REQUESTS; request++)
        expect((await rest(graph.router.url, `/divida/${cpf}`, token)).status).toBe(200);
      await tracing.flush().catch(() => {}); // it fails
      const last = await observe(urls);
      expect((await scrape(urls.router)).sum('pessoa_trace_spans_total', { result: 'lost' })).toBeGreaterThan(REQUESTS);
      expect(await fires('PessoaTracesLost', first)).toBe(false);
      expect(await fires('PessoaTracesLost', first, last)).toBe(true);
    } finally {
      await tracing.close();
    }
  });
});

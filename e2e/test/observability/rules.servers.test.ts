import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '@pessoa/domain/services';
import { ALERTS_FILE, metricNamesIn, OBSERVABILITY, readAlertRules } from '../../src/alert-rules.ts';
import { startIndexedPostings } from '../../src/indexed-postings.ts';
import { promtool } from '../../src/promtool.ts';
import { scrape } from '../../src/scraped-metrics.ts';
import { root } from '../../src/started-system.ts';
import { startWholeGraph } from '../../src/whole-graph.ts';

/** They need a replica, workers, or a Redis for proofs: the tests that cause their alerts read them from `/metrics`. */
const ELSEWHERE = ['pessoa_replica_lag_seconds', 'pessoa_workers_ended_total', 'pessoa_workers_hung', 'pessoa_workers_running', 'pessoa_workers_wanted', 'pessoa_cache_bytes']; // prettier-ignore

const rules = readAlertRules();
const runbooks = readFileSync(join(root, 'docs/alerts.md'), 'utf8');
const dashboard = readFileSync(join(OBSERVABILITY, 'dashboards/pessoa.json'), 'utf8');

describe('The alert rules', () => {
  it('are rules of Prometheus, and its configuration loads them', async () => {
    expect((await promtool(['check', 'rules', ALERTS_FILE])).stdout).toContain(`${rules.length} rules found`);
    const { stdout } = await promtool(['check', 'config', join(OBSERVABILITY, 'prometheus.yml')]);
    expect(stdout).toContain(`${rules.length} rules found`);
  });

  it('have a runbook each, which says what it means, what to look at and what to do', () => {
    const sections = [...runbooks.matchAll(/^## (\w+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
    expect(sections.map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert));
    for (const [, , text] of sections)
      for (const part of ['Means', 'Look at', 'Do']) expect(text).toContain(`**${part}.**`);
    for (const { alert, annotations } of rules)
      expect(annotations.runbook).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
  });

  it('are caused by a test each', () => {
    const files = ['alerts', 'alerts-of-followers', 'alerts-of-observation', 'alerts-of-the-audit', '../workers'];
    const causes = files
      .map((name) => `${name}.servers.test.ts`)
      .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
      .join('\n');
    for (const { alert } of rules) expect(causes).toContain(`'${alert}'`);
  });
});

describe('Every metric that a rule, the dashboard or a runbook names', () => {
  it('is in /metrics of a process', async () => {
    const clientsOfProofs = { DPOP_URLS: 'https://api.example', METRICS_CLIENTS: 'banco-inventado' };
    const graph = await startWholeGraph({ wiring: 'relayed', auditor: true, env: clientsOfProofs });
    const postings = await startIndexedPostings(graph.bases, graph.environment.env['CPF_HASH_KEY']!);
    try {
      const urls = [graph.router, ...serviceNames.map((name) => graph.subgraphs[name]), graph.auditor!, postings];
      const scrapes = await Promise.all(urls.map(({ metricsUrl }) => scrape(metricsUrl)));
      const existing = new Set(scrapes.flatMap(({ names }) => [...names]));
      const named = metricNamesIn([...rules.map(({ expr }) => expr), dashboard, runbooks].join('\n'));
      expect([...named].filter((name) => !existing.has(name)).toSorted()).toEqual(ELSEWHERE.toSorted());
    } finally {
      await postings.close();
      await graph.close();
    }
  });
});

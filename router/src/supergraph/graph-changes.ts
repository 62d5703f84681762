import { ConfigError } from '@pessoa/service/config/environment';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';
import type { BreakingChangesMode } from '../config.ts';
import type { CurrentGraph } from './current-graph.ts';
import { type FileWatch, watchFiles } from './file-watch.ts';
import type { OpenGraph, RouterGraph } from './router-graph.ts';

export interface GraphChangesOptions {
  /** The supergraph and the manifest of operations. */
  readonly files: readonly (string | URL)[];
  /** The state of the files before `current` was opened. */
  readonly since: string;
  readonly breakingChanges: BreakingChangesMode;
  readonly current: CurrentGraph;
  readonly open: OpenGraph;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The most lines of a refusal in the log. */
const FAULTS_MAX = 20;

/**
 * Watches the files of the graph. When one has changed, it opens the new graph beside the one that answers, has it plan the
 * operations that clients sent recently, and puts it in place. No request fails. Files that cannot be used, or
 * that would break a recent operation, change nothing: the log says why.
 */
export function followGraphChanges(options: GraphChangesOptions): FileWatch {
  const { files, since, breakingChanges, current, open, logger, metrics } = options;
  const changes = new Counter({
    name: 'pessoa_graph_changes_total',
    help: 'Changes of the supergraph or of the manifest of operations, by result: replaced or refused.',
    labelNames: ['result'] as const,
    registers: [metrics],
  });
  // From 0 on: `increase` does not see the first event of a series that begins with it.
  for (const result of ['replaced', 'refused'] as const) changes.inc({ result }, 0);
  new Gauge({
    name: 'pessoa_graph_info',
    help: 'Always 1; `graph` is the beginning of a hash of the supergraph and the manifest that answer.',
    labelNames: ['graph'] as const,
    registers: [metrics],
    collect() {
      this.reset();
      this.set({ graph: current.graph.id }, 1);
    },
  });

  async function change(): Promise<void> {
    const next = await open();
    if (next.id === current.graph.id) return next.close();
    const broken = await next.learn(current.graph.recentOperations());
    if (broken.length > 0 && breakingChanges === 'refuse') {
      await next.close();
      throw new ConfigError('it would break recent operations', broken);
    }
    if (broken.length > 0)
      logger.warn({ faults: broken.slice(0, FAULTS_MAX) }, 'the new graph breaks recent operations');
    put(next);
  }

  function put(next: RouterGraph): void {
    logger.info({ before: current.graph.id, graph: next.id }, 'the graph is replaced');
    changes.inc({ result: 'replaced' });
    // Not awaited: a request may take long, and the next change need not wait for it.
    current.replace(next).catch((err: unknown) => logger.error({ err }, 'the graph before it cannot be closed'));
  }

  return watchFiles(files, since, () =>
    change().catch((error: unknown) => {
      changes.inc({ result: 'refused' });
      const why = error instanceof ConfigError ? { faults: error.faults.slice(0, FAULTS_MAX) } : { err: error };
      logger.error({ graph: current.graph.id, ...why }, 'changed files of the graph are refused: it stays as it is');
    }),
  );
}

import type { RouterConfig } from '../config.ts';
import { CurrentGraph } from './current-graph.ts';
import { stateOfFiles } from './file-watch.ts';
import { followGraphChanges } from './graph-changes.ts';
import { graphFiles, openRouterGraph, type RouterGraphParts } from './router-graph.ts';

/** The graph for the doors of the router. */
export interface ServedGraph {
  /** Runs the work of one request on the graph that answers now. */
  readonly use: CurrentGraph['use'];
  /** Waits for the requests of clients that have left: they are still audited. */
  close(): Promise<void>;
}

/**
 * Opens the graph of the configuration, and replaces it when its files change.
 *
 * @throws ConfigError for a supergraph or a manifest that cannot be used
 */
export async function openServedGraph(config: RouterConfig, parts: RouterGraphParts): Promise<ServedGraph> {
  const { metrics, logger } = parts;
  const files = graphFiles(config);
  const since = await stateOfFiles(files);
  const open = () => openRouterGraph(config, parts);
  const current = new CurrentGraph(await open());
  const { breakingChanges } = config;
  const changes = followGraphChanges({ files, since, breakingChanges, current, open, logger, metrics });
  return {
    use: (work) => current.use(work),
    async close() {
      await changes.close();
      await current.close(config.requestTimeoutMillis);
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { readIndexState } from '@pessoa/search-index/index-state';
import type { RunningService } from '@pessoa/service/processes/process';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { keepOutput, testLog } from '@pessoa/testkit/logs/test-log';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { type IndexerConfig, readConfig } from '../src/config.ts';
import { startIndexer } from '../src/indexer.ts';
import { type OpenIndexing, openIndexing } from '../src/open-indexing.ts';

/** A Base C to index, an alias of a test's own on the shared Elasticsearch, and indexers between them. */
export interface IndexerUnderTest {
  readonly env: Record<string, string>;
  readonly config: IndexerConfig;
  /** Base C and Elasticsearch as the indexer has them. */
  readonly indexing: OpenIndexing;
  readonly logLines: () => string[];
  /** In this process. */
  start(): Promise<RunningService>;
  /** As a process of its own. */
  spawn(): ChildProcess;
  /** Resolves when everything committed before this call can be found. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export async function openIndexerUnderTest(baseEnv: Record<string, string>): Promise<IndexerUnderTest> {
  const alias = baseEnv['SEARCH_ALIAS'] ?? `pessoa-test-${randomBytes(6).toString('hex')}`;
  const env: Record<string, string> = {
    CPF_HASH_KEY: randomBytes(32).toString('base64url'),
    INDEXER_PORT: '0',
    ELASTICSEARCH_URL: elasticsearchServer(),
    SEARCH_ALIAS: alias,
    ...baseEnv,
  };
  const config = readConfig(env);
  const indexing = openIndexing(config);
  const client = connectElasticsearch({ ...config.elasticsearch, requestMillis: 30_000 });
  const { logger, lines } = testLog({ service: 'indexer' });
  const started: RunningService[] = [];
  const children: ChildProcess[] = [];
  return {
    env,
    config,
    indexing,
    logLines: lines,
    async start() {
      const service = await startIndexer(config, logger);
      let closing: Promise<void> | undefined;
      const once = { ...service, close: () => (closing ??= service.close()) }; // a test may close it before all is closed
      started.push(once);
      return once;
    },
    spawn() {
      const child = spawn(process.execPath, [MAIN], {
        env: { ...bareEnvironment(), ...env, LOG_LEVEL: 'warn' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      keepOutput('indexer', child);
      children.push(child);
      return child;
    },
    async caughtUp() {
      const now = Date.now();
      for (;;) {
        // Its index may just be in the making.
        const state = await readIndexState(client, alias).catch(() => undefined);
        if (state && Date.parse(state.upToDateAt) > now) return;
        await sleep(50);
      }
    },
    async close() {
      for (const child of children) await ended(child);
      await Promise.all(started.map((service) => service.close()));
      await indexing.source.forgetOthers([]);
      await indexing.close();
      // By their names: Elasticsearch removes none by a pattern.
      const made = Object.keys(await client.indices.get({ index: `${alias}-*` }));
      if (made.length > 0) await client.indices.delete({ index: made });
      await client.close();
    },
  };
}

/** SIGKILL, and waits for the end. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOGS_VARIABLE } from './logs/test-log.ts';
import { startTestCluster, TEST_CLUSTER_VARIABLE } from './test-cluster.ts';

export default async function globalSetup(): Promise<void> {
  // Suites start hundreds of processes: with what V8 compiled before, each takes half the time to start.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
    new URL('../../../node_modules/.cache/compiled', import.meta.url),
  );
  process.env[LOGS_VARIABLE] = await mkdtemp(join(tmpdir(), 'pessoa-test-logs-'));
  if (process.env[TEST_CLUSTER_VARIABLE]) return; // several runs of one command share a cluster
  Object.assign(globalThis, { stopTestCluster: await startTestCluster() });
}

import { startTestCluster, TEST_CLUSTER_VARIABLE } from './test-cluster.ts';

export default async function globalSetup(): Promise<void> {
  if (process.env[TEST_CLUSTER_VARIABLE]) return; // several runs of one command share a cluster
  Object.assign(globalThis, { stopTestCluster: await startTestCluster() });
}

import { startTestCluster, TEST_CLUSTER_VARIABLE } from './test-cluster.ts';

export default async function globalSetup(): Promise<void> {
  if (process.env[TEST_CLUSTER_VARIABLE]) return; // whoever runs several times shares one cluster
  Object.assign(globalThis, { stopTestCluster: await startTestCluster() });
}

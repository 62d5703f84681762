import { startTestCluster } from './test-cluster.ts';

export default async function globalSetup(): Promise<void> {
  Object.assign(globalThis, { stopTestCluster: await startTestCluster() });
}

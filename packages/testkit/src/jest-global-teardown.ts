import { rm } from 'node:fs/promises';
import { scanLogs } from './logs/scan-logs.ts';
import { LOGS_VARIABLE } from './logs/test-log.ts';

/** Fails the run when a log of its processes holds personal data. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { stopTestCluster?: () => Promise<void> }).stopTestCluster?.();
  const logs = process.env[LOGS_VARIABLE]!;
  try {
    await scanLogs(logs);
  } finally {
    await rm(logs, { recursive: true, force: true });
  }
}

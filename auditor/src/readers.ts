import { openAuditReaders } from '@pessoa/audit/audit-pool';
import type { Logger } from '@pessoa/service/logging/logger';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { observePool } from '@pessoa/service/metrics/pool-metrics';
import type { Pool } from 'pg';
import { checkRights } from './postgres-rights.ts';

/** The most time that a statement waits for a connection, and also that it may take. */
const READ_MILLIS = 1_000;
/** Connections of each pool. */
const CONNECTIONS = { callers: 4, everybody: 2 };

/** What the auditor reads with, beside the session of the leader. */
export interface Readers {
  /** For the proofs of reads, and for those that witnesses ask for. */
  readonly callers: Pool;
  /** For what is public: those who ask for it must not make the callers of reads wait for their proofs. */
  readonly everybody: Pool;
  close(): Promise<void>;
}

/**
 * @param url of the role of the auditor
 * @throws ConfigError when the role cannot keep the log
 */
export async function openReaders(url: string, metrics: Metrics, logger: Logger): Promise<Readers> {
  const open = (connections: number): Pool => openAuditReaders({ url, timeoutMillis: READ_MILLIS }, connections);
  const callers = open(CONNECTIONS.callers);
  const everybody = open(CONNECTIONS.everybody);
  const close = async (): Promise<void> => void (await Promise.all([callers.end(), everybody.end()]));
  observePool(metrics, 'audit', callers);
  observePool(metrics, 'audit-public', everybody);
  await checkRights(callers, logger).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { callers, everybody, close };
}

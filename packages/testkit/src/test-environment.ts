import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  developmentAudience,
  developmentIssuer,
  developmentLogName,
  ensureDevelopmentKeys,
  mintToken,
  type TokenRequest,
} from '@pessoa/service/development/development-keys';
import type { Logger } from '@pessoa/service/logging/logger';
import { testLog } from './logs/test-log.ts';
import { runsOnServers, redisServer } from './servers.ts';
import type { TestBases } from './test-bases.ts';

/** Keys, variables and log of a test's system. */
export interface TestEnvironment {
  /** Variables for `readConfig` of any process: development, free ports, the test's bases. */
  readonly env: Record<string, string>;
  readonly token: (request?: TokenRequest) => Promise<string>;
  readonly logger: Logger;
  /** All log lines so far. */
  readonly logLines: () => string[];
  close(): Promise<void>;
}

export async function createTestEnvironment(bases: TestBases): Promise<TestEnvironment> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-keys-'));
  const keys = await ensureDevelopmentKeys(home);
  const { logger, lines } = testLog();
  return {
    env: {
      PESSOA_ENV: 'development',
      JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
      JWT_ISSUER: developmentIssuer,
      JWT_AUDIENCE: developmentAudience,
      JWT_MAX_LIFETIME_SECONDS: '43200',
      CPF_HASH_KEY: keys.cpfHashKey,
      INTERNAL_KEY: keys.internalKey,
      BASE_A_URL: bases.baseA.readerUrl,
      BASE_B_URL: bases.baseB.readerUrl,
      BASE_C_URL: bases.baseC.readerUrl,
      AUDIT_URL: bases.auditoria.writerUrl,
      AUDIT_READER_URL: bases.auditoria.readerUrl,
      DEBT_PORT: '0',
      SCORE_PORT: '0',
      EVENT_PORT: '0',
      ROUTER_PORT: '0',
      AUDITOR_PORT: '0',
      AUDITOR_NAME: developmentLogName,
      AUDITOR_KEY: keys.auditorKey,
      AUDITOR_VRF_KEY: keys.auditorVrfKey,
      // On, and above the rate of any suite: a test of the limits sets its own.
      RATE_LIMIT_REQUESTS: '1000000',
      RATE_LIMIT_PEOPLE: '1000000',
      RATE_LIMIT_COST: '1000000000',
      // Only this environment has its CPF_HASH_KEY, so that no other test reads its entries. They expire within an hour.
      ...(runsOnServers() && { REDIS_URL: redisServer(), CACHE_STALE_SECONDS: '0' }),
    },
    token: (request) => mintToken(keys.privateJwk, request),
    logger,
    logLines: lines,
    close: () => rm(home, { recursive: true, force: true }),
  };
}

import { type Clock, systemClock } from '@pessoa/domain/data';
import { warnOfUnencrypted } from '@pessoa/service/config/environment';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import { internalCallersOnly } from '@pessoa/service/http/internal-caller';
import { authenticator } from '@pessoa/service/identity/authentication';
import { requestProofReader } from '@pessoa/service/identity/request-proofs';
import { createIdentityVerifier, warnOfMissingKeys } from '@pessoa/service/identity/verifier';
import type { Logger } from '@pessoa/service/logging/logger';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { serveMetrics } from '@pessoa/service/metrics/metrics-server';
import type { RunningService } from '@pessoa/service/processes/process';
import { formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { auditorMetrics } from './auditor-metrics.ts';
import { createQuorum } from './checkpoints/quorum.ts';
import type { AuditorConfig } from './config.ts';
import { keepLog } from './keep-log.ts';
import { indexThreads } from './people/index-threads.ts';
import { mountPersonProofs } from './proofs/person-route.ts';
import { mountProofs, type ProofRouteOptions } from './proofs/proof-route.ts';
import { mountReadProofs } from './proofs/read-proofs-route.ts';
import { openReaders } from './readers.ts';
import { observePending } from './records/pending-age.ts';
import { keptTiles } from './tree/kept-tiles.ts';
import { mountPublishedTiles } from './tree/published-tiles.ts';

/** The path of everything that the auditor serves to clients; the router has the same paths. Event asks at one of its own. */
const PREFIX = '/auditoria';

/**
 * Starts the auditor, which keeps the log of the audit and serves it. It is ready once it leads or follows a leader.
 * `/health/ready` says `fora` for `auditoria` while the log does not grow or a record is not what the log holds.
 *
 * @throws ConfigError when its role cannot keep the log, and for a port or address that cannot be used
 */
export async function startAuditor(
  config: AuditorConfig,
  logger: Logger,
  clock: Clock = systemClock,
): Promise<RunningService> {
  warnOfUnencrypted(config, logger);
  const metrics = createMetrics('auditor');
  const readers = await openReaders(config.databaseUrl, metrics, logger);
  observePending(metrics, readers.everybody, clock);
  const verifierKey = formatVerifierKey(config.signer);
  const verifier = createIdentityVerifier(config);
  void warnOfMissingKeys(config, verifier, logger);
  const stopping = new AbortController();
  let isWell: boolean | undefined;
  const http = createHttpService({ logger, maxConnections: config.maxConnections });
  const { app } = http;
  countConnections(app.server, metrics, config.maxConnections);
  mountPublishedTiles(app, PREFIX, readers.everybody, verifierKey);
  const proofs: ProofRouteOptions = {
    prefix: PREFIX,
    db: readers.callers,
    keys: config.keys,
    readTiles: keptTiles(),
    clock,
    admit: internalCallersOnly({ key: config.internalKey, subgraph: 'auditor', clock: systemClock }),
    authenticate: authenticator(verifier, requestProofReader(config.jwt), 'checked'), // the router has counted what it asks for
  };
  mountProofs(app, proofs);
  mountPersonProofs(app, proofs);
  mountReadProofs(app, proofs);
  mountHealth(app, {
    isDraining: http.isDraining,
    isReady: async () => isWell !== undefined,
    sources: async () => ({ auditoria: isWell === false ? 'fora' : 'ok' }),
    keys: verifier.keyStates,
  });
  const served = await serveMetrics(metrics, config.metricsAddress, logger);
  const closeAll = () => Promise.all([served.close(), readers.close()]);
  const url = await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  const threads = indexThreads(config.vrfSecret, config.keys);
  const keeping = keepLog({
    url: config.databaseUrl,
    readers: readers.callers,
    signer: config.signer,
    keys: config.keys,
    indicesOf: threads.indicesOf,
    quorum: createQuorum(config.witnesses, config.quorum),
    checkEveryMillis: config.checkEveryMillis,
    signal: stopping.signal,
    logger,
    metrics: auditorMetrics(metrics),
    clock,
    onHealth: (well) => void (isWell = well),
  });
  logger.info({ chave: verifierKey }, 'the log of the audit is signed with this key');
  return {
    logger,
    url,
    metricsUrl: served.url,
    async close() {
      stopping.abort();
      await keeping; // what is committed is whole; the next leader goes on from there
      await threads.close();
      await http.drain();
      await closeAll();
    },
  };
}

import type { AuditorClient } from '@pessoa/audit/auditor-client';
import { systemClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountModelCards } from '@pessoa/service/http/model-cards';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import { type AdmitRequest, authenticator } from '@pessoa/service/identity/authentication';
import { requestProofReader } from '@pessoa/service/identity/request-proofs';
import type { IdentityVerifier } from '@pessoa/service/identity/verifier';
import type { FastifyInstance } from 'fastify';
import type { RouterConfig } from './config.ts';
import { mountAuditLog } from './audit-log/audit-log-routes.ts';
import { mountMcp, type McpOptions } from './mcp/mcp-endpoint.ts';
import { mountPages } from './pages/pages.ts';
import { mountPersonPage } from './person-page/person-page.ts';
import { contextFactory } from './router-context.ts';

export interface DoorParts extends Pick<McpOptions, 'withGraph' | 'takeTurn'> {
  readonly verifier: IdentityVerifier;
  /** Counts a request for its client. */
  readonly admitRequest: AdmitRequest;
  /** Undefined when no auditor keeps the log of the audit. */
  readonly auditor: AuditorClient | undefined;
}

/** Mounts everything through which clients reach the graph, and the pages. */
export async function mountDoors(
  app: FastifyInstance,
  config: RouterConfig,
  { withGraph, takeTurn, verifier, admitRequest, auditor }: DoorParts,
): Promise<void> {
  const endpoint = {
    withGraph,
    authenticate: authenticator(
      verifier,
      requestProofReader(config.jwt),
      { clock: systemClock, sealClients: config.sealClients },
      admitRequest,
    ),
    contextOf: contextFactory(config),
    takeTurn,
  };
  mountGraphql(app, endpoint);
  mountRest(app, { ...endpoint, routes: restRoutes });
  mountModelCards(app);
  if (auditor) mountAuditLog(app, auditor, endpoint.authenticate);
  if (config.mcp) await mountMcp(app, { ...endpoint, origins: config.corsOrigins });
  const links = await mountPages(app, config.explorer, { hasPersonPage: config.personPage !== undefined });
  if (config.personPage)
    await mountPersonPage(app, {
      config: config.personPage,
      key: config.internalKey,
      verifier,
      endpoint,
      auditor,
      links,
    });
}

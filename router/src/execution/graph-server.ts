import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import type { AuditLog } from '@pessoa/audit/audit-log';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import type { PerService } from '@pessoa/domain/services';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { enumerationPlugin } from '@pessoa/service/limits/enumeration-plugin';
import type { OpenedClientLimits } from '@pessoa/service/limits/open-client-limits';
import { operationAdmission } from '@pessoa/service/limits/rate-limit-plugin';
import { type Logger, warningsOnly } from '@pessoa/service/logging/logger';
import { ViewerCaller } from '../authorization/viewer-caller.ts';
import type { RouterConfig } from '../config.ts';
import type { PersistedOperations } from '../persisted-operations/persisted-operations.ts';
import type { RouterContext } from '../router-context.ts';
import type { Transport } from '../transport/transport.ts';
import { createGateway } from './gateway.ts';
import { routerServerOptions } from './router-server-options.ts';
import { logLostSources } from './subgraph-data-source.ts';

/** The estimate that the check of an operation's cost leaves in the context; 1 where nothing estimates. */
const estimatedCost = ({ cost }: RouterContext): number => cost?.estimate ?? 1;

const SUPERGRAPH = new URL('../../../schema/supergraph.graphql', import.meta.url);

/** Creates the Apollo Server over the gateway, with our limits, our log and our audit. The caller starts it. */
export function createGraphServer(
  config: RouterConfig,
  parts: {
    transports: PerService<Transport>;
    limits: OpenedClientLimits;
    persistedOperations: PersistedOperations;
    /** Null writes no audit. */
    auditLog: AuditLog | null;
    cpfHash: CpfHash;
    logger: Logger;
  },
): ApolloServer<RouterContext> {
  const { transports, limits, persistedOperations, auditLog, cpfHash, logger } = parts;
  const supergraphSdl = readFileSync(SUPERGRAPH, 'utf8');
  const { courtOrderClients, thirdPartyCadastro } = config;
  const viewerRules = { clock: systemClock, courtOrderClients, thirdPartyCadastro };
  const gateway = createGateway({
    supergraphSdl,
    callerOf: ({ viewer }: RouterContext) => new ViewerCaller(viewer, viewerRules),
    thirdPartyCadastro,
    transports,
    logger: warningsOnly(logger),
    onLostSource: logLostSources(logger),
  });
  return new ApolloServer<RouterContext>(
    routerServerOptions<RouterContext>({
      gateway,
      supergraphSdl,
      introspection: config.allowsIntrospection,
      maxCost: config.maxOperationCost,
      admitOperation: operationAdmission(limits, { costOf: ({ contextValue }) => estimatedCost(contextValue) }),
      persistedOperations,
      plugins: [
        factsPlugin(
          logger,
          operationNamer(config.cpfHashKey, (id) => persistedOperations.nameOf(id)),
        ),
        enumerationPlugin(limits.watch),
        ...(auditLog ? [auditPlugin({ auditLog, servico: 'router', cpfHash, clock: systemClock, logger })] : []),
      ],
    }),
  );
}

import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApolloServer } from '@apollo/server';
import type { AuditLog } from '@pessoa/audit/audit-log';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { personMarker } from '@pessoa/audit/person-marks';
import { systemClock } from '@pessoa/domain/data';
import type { PerService } from '@pessoa/domain/services';
import { ConfigError } from '@pessoa/service/config/environment';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import type { Graph } from '@pessoa/service/http/graph';
import { enumerationPlugin } from '@pessoa/service/limits/enumeration-plugin';
import type { OpenedClientLimits } from '@pessoa/service/limits/open-client-limits';
import { operationAdmission } from '@pessoa/service/limits/rate-limit-plugin';
import { type Logger, warningsOnly } from '@pessoa/service/logging/logger';
import { OperationGuard } from 'graphql-jwt-guard';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { ViewerCaller } from '../authorization/viewer-caller.ts';
import type { RouterConfig } from '../config.ts';
import { createGateway } from '../execution/gateway.ts';
import type { KnownOperation } from '../execution/known-operations.ts';
import { routerPipeline } from '../execution/router-pipeline.ts';
import { lossCounter } from '../execution/lost-source-metrics.ts';
import { logLostSources } from '../execution/subgraph-data-source.ts';
import type { Room } from '../limits/room.ts';
import { type OperationTool, toolsOf } from '../mcp/tools.ts';
import { ManifestError, operationId } from '../persisted-operations/operation-manifest.ts';
import { persistedOperationsCheck } from '../persisted-operations/persisted-operations-check.ts';
import { readPersistedOperations } from '../persisted-operations/read-persisted-operations.ts';
import { isPageOperation } from '../person-page/page-operations.ts';
import type { RouterContext } from '../router-context.ts';
import type { Transport } from '../transport/transport.ts';
import { readBoundedFile } from './bounded-file.ts';

/** The graph of one supergraph and one manifest of operations. */
export interface RouterGraph extends Graph<RouterContext> {
  /** The beginning of a hash of both files. */
  readonly id: string;
  /** Operations that were sent more than once, and again within the last day; the last one first. */
  recentOperations(): readonly KnownOperation[];
  /**
   * Plans operations of another graph, so that nobody waits for their plans. It runs nothing of them.
   *
   * @returns a line for each operation that this graph cannot run
   */
  learn(operations: readonly KnownOperation[]): Promise<string[]>;
  /** The listed operations as tools of MCP, without those of our pages; made at the first call. */
  tools(): readonly OperationTool[];
  /** Answers nothing from then on. */
  close(): Promise<void>;
}

/** What outlives a graph. */
export interface RouterGraphParts {
  readonly transports: PerService<Transport>;
  readonly limits: OpenedClientLimits;
  readonly room: Room;
  /** Null writes no audit. */
  readonly auditLog: AuditLog | null;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Opens the graph of one supergraph and one manifest, as the files are now. */
export type OpenGraph = () => Promise<RouterGraph>;

/** The files that a graph is made of. */
export const graphFiles = ({ supergraph, persistedOperations: { mode, manifest } }: RouterConfig): (string | URL)[] =>
  mode === 'off' ? [supergraph] : [supergraph, manifest];

/** The most operations that a graph tells the next one. */
const RECENT_MAX = 256;

/** The estimate that the check of an operation's cost leaves in the context; 1 where nothing estimates. */
const estimatedCost = ({ cost }: RouterContext): number => cost?.estimate ?? 1;

/**
 * Opens the graph that the files of the configuration describe: Apollo Server over the gateway, and the short way beside it, with our
 * limits, our log and our audit.
 *
 * @throws ConfigError for a supergraph or a manifest that cannot be used
 */
export async function openRouterGraph(config: RouterConfig, parts: RouterGraphParts): Promise<RouterGraph> {
  const { transports, limits, room, auditLog, metrics, logger } = parts;
  const supergraphSdl = readSupergraph(config.supergraph);
  const { courtOrderClients, thirdPartyCadastro, allowsIntrospection: introspection } = config;
  const markPerson = personMarker(config.cpfHashKey);
  const viewerRules = { clock: systemClock, courtOrderClients, thirdPartyCadastro };
  try {
    const persistedOperations = readPersistedOperations(config);
    const nameOf = operationNamer(config.cpfHashKey, (id) => persistedOperations.nameOf(id));
    const { serverOptions, known } = routerPipeline<RouterContext>({
      gateway: createGateway({
        supergraphSdl,
        callerOf: ({ viewer }: RouterContext) => new ViewerCaller(viewer, viewerRules),
        thirdPartyCadastro,
        transports,
        logger: warningsOnly(logger),
        onLostSource: logLostSources(logger),
        onErrors: lossCounter(metrics),
      }),
      supergraphSdl,
      introspection,
      maxCost: config.maxOperationCost,
      admitOperation: operationAdmission(limits, {
        costOf: ({ contextValue }) => estimatedCost(contextValue),
        takeRoom: room.takeFor,
      }),
      persistedOperations,
      nameOf,
      plugins: [
        factsPlugin(logger, nameOf),
        enumerationPlugin(limits.watch),
        ...(auditLog ? [auditPlugin({ auditLog, servico: 'router', markPerson, clock: systemClock, logger })] : []),
      ],
    });
    const server = new ApolloServer<RouterContext>(serverOptions);
    await server.start();
    const { mode } = config.persistedOperations;
    let tools: readonly OperationTool[] | undefined;
    return {
      id: hash('sha256', `${supergraphSdl}\n${persistedOperations.fingerprint}`, 'hex').slice(0, 12),
      server,
      answerKnown: (request, context, takesText) => known!.answer(request, context, takesText),
      checkPersisted: persistedOperationsCheck(mode, persistedOperations),
      toRequest: persistedOperations.toRequest,
      recentOperations: () => known!.recent(RECENT_MAX),
      async learn(operations) {
        const faults: string[] = [];
        for (const operation of operations.toReversed()) {
          if (mode === 'only' && !persistedOperations.knows(operationId(operation.text))) continue; // it is not to run any more
          const learned = await known!.learn(operation).catch(() => ['cannot be planned']);
          faults.push(...learned.map((fault) => `${operation.name}: ${fault}`));
          await nextTurn(); // requests go first
        }
        return faults.toReversed();
      },
      tools() {
        if (tools) return tools;
        const { operations, schema } = persistedOperations.listed;
        const forClients = operations.filter(({ operation: { id } }) => !isPageOperation(id)); // the manifest may have the page's
        return (tools = toolsOf(forClients, { schema, guard: new OperationGuard(supergraphSdl) }));
      },
      close: () => server.stop(),
    };
  } catch (error) {
    if (error instanceof ManifestError) throw unusable('PERSISTED_OPERATIONS_MANIFEST', error.message.split('\n'));
    throw unusable('SUPERGRAPH', [`is not a supergraph of this router: ${(error as Error).message.split('\n')[0]}`]);
  }
}

function readSupergraph(file: string | URL): string {
  try {
    return readBoundedFile(file);
  } catch (error) {
    throw unusable('SUPERGRAPH', [(error as Error).message]);
  }
}

function unusable(variable: string, faults: readonly string[]): ConfigError {
  const lines = faults.map((fault) => `${variable}: ${fault}`);
  return new ConfigError(`router cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}`, lines);
}

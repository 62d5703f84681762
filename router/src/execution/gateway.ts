import type { ApolloGateway } from '@apollo/gateway';
import type { PerService } from '@pessoa/domain/services';
import { scalarResolvers } from '@pessoa/service/graphql/scalars';
import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import { type GraphQLSchema, isScalarType } from 'graphql';
import type { Transport } from '../transport/transport.ts';
import { CompilingGateway } from './compiling-gateway.ts';
import { createSubgraphDataSource, type OnLostSource } from './subgraph-data-source.ts';

/** What @apollo/gateway writes to. */
export interface GatewayLogger {
  debug(message?: unknown): void;
  info(message?: unknown): void;
  warn(message?: unknown): void;
  error(message?: unknown): void;
}

export interface GatewayOptions {
  /** Composed and stripped of its authorization directives: whoever builds the gateway answers for their enforcement. */
  readonly supergraphSdl: string;
  readonly transports: PerService<Transport>;
  /** Called with every API schema that is loaded, before the first operation on it. */
  readonly onSchema?: (schema: GraphQLSchema) => void;
  readonly onLostSource?: OnLostSource;
  readonly logger?: GatewayLogger;
}

/** @apollo/gateway over our transports. It boots from the composed file and asks no subgraph for it. */
export function createGateway(options: GatewayOptions): ApolloGateway {
  // Without it the gateway reports to its vendor every hour, and it reads the variable when it is built.
  // oxlint-disable-next-line node/no-process-env -- written, not read
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
  const gateway = new CompilingGateway({
    supergraphSdl: options.supergraphSdl,
    // On by default outside production: a header would get the query plan, with the subgraphs' names.
    __exposeQueryPlanExperimental: false,
    queryPlannerConfig: { cache: createPlanStore() as never }, // the store does not know the gateway's type of a plan
    buildService: ({ name }) =>
      createSubgraphDataSource(transportOf(options.transports, name), options.onLostSource ?? (() => {})),
    ...(options.logger ? { logger: options.logger } : {}),
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    attachScalars(apiSchema);
    options.onSchema?.(apiSchema);
  });
  return gateway;
}

function transportOf(transports: Readonly<Record<string, Transport>>, name: string): Transport {
  const transport = Object.hasOwn(transports, name) ? transports[name] : undefined;
  if (!transport) throw new Error(`the supergraph has a subgraph without transport: ${name}`);
  return transport;
}

/** The gateway knows scalars by name only and would let any value through to the subgraphs. */
function attachScalars(schema: GraphQLSchema): void {
  for (const ours of Object.values(scalarResolvers)) {
    const scalar = schema.getType(ours.name);
    if (!isScalarType(scalar)) continue;
    scalar.parseValue = ours.parseValue;
    scalar.parseLiteral = ours.parseLiteral;
    scalar.serialize = ours.serialize;
  }
}

const PLANS_MAX_BYTES = 24 * 1024 * 1024;

/** Replaces the gateway's own store of query plans. It is bounded in bytes, and holds a plan from its second use on. */
const createPlanStore = () =>
  new SecondUseStore<object>({
    maxBytes: PLANS_MAX_BYTES,
    bytesOf: (plan) => JSON.stringify(plan).length * 4,
  }).asKeyValueCache();

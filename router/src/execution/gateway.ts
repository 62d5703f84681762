import type { ApolloGateway } from '@apollo/gateway';
import type { PerService } from '@pessoa/domain/services';
import { scalarResolvers } from '@pessoa/service/graphql/scalars';
import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import type { ThirdPartyCadastro } from '@pessoa/service/identity/third-party-cadastro';
import { type GraphQLSchema, isScalarType } from 'graphql';
import type { Caller } from 'graphql-jwt-guard';
import { OperationAccess } from '../authorization/operation-access.ts';
import type { Transport } from '../transport/transport.ts';
import { CompilingGateway } from './compiling-gateway.ts';
import type { FetchContext } from './fetch-context.ts';
import { type OnErrors, type OnLostSource, SubgraphDataSource } from './subgraph-data-source.ts';

/** The logger that @apollo/gateway expects. */
export interface GatewayLogger {
  debug(message?: unknown): void;
  info(message?: unknown): void;
  warn(message?: unknown): void;
  error(message?: unknown): void;
}

export interface GatewayOptions<Context> {
  /** Composed, with its authorization directives. They are enforced before an operation is planned. */
  readonly supergraphSdl: string;
  /** Who sends an operation, by the context of the request. */
  readonly callerOf: (context: Context) => Caller;
  /** For the reason of a refusal. Default: `scope`. */
  readonly thirdPartyCadastro?: ThirdPartyCadastro;
  readonly transports: PerService<Transport>;
  readonly onLostSource: OnLostSource;
  readonly onErrors?: OnErrors;
  /** As of `AnswerForms`. */
  readonly readBeforeForm?: number;
  readonly logger: GatewayLogger;
}

/** Creates @apollo/gateway over our transports. It starts from the composed SDL, and calls no subgraph to start. */
export function createGateway<Context extends FetchContext>(options: GatewayOptions<Context>): ApolloGateway {
  const { supergraphSdl, callerOf, thirdPartyCadastro, transports, onLostSource, onErrors, readBeforeForm, logger } =
    options;
  // Without this variable the gateway reports to its vendor every hour. Its constructor reads the variable.
  // oxlint-disable-next-line node/no-process-env -- written, not read
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
  const gateway = new CompilingGateway(new OperationAccess(supergraphSdl, callerOf, thirdPartyCadastro), {
    // Outside production the default is on: a request header would then get the query plan, with the names of
    // subgraphs.
    __exposeQueryPlanExperimental: false,
    queryPlannerConfig: { cache: createPlanStore() as never }, // the store does not know the gateway's type of a plan
    buildService: ({ name }) =>
      new SubgraphDataSource(transportOf(transports, name), onLostSource, onErrors, readBeforeForm),
    logger,
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => attachScalars(apiSchema));
  return gateway;
}

function transportOf(transports: Readonly<Record<string, Transport>>, name: string): Transport {
  const transport = Object.hasOwn(transports, name) ? transports[name] : undefined;
  if (!transport) throw new Error(`the supergraph has a subgraph without a transport: ${name}`);
  return transport;
}

/** The gateway knows only the names of scalars. Without our resolvers it would pass any value to the subgraphs. */
function attachScalars(schema: GraphQLSchema): void {
  for (const resolver of Object.values(scalarResolvers)) {
    const scalar = schema.getType(resolver.name);
    if (!isScalarType(scalar)) continue;
    scalar.parseValue = resolver.parseValue;
    scalar.parseLiteral = resolver.parseLiteral;
    scalar.serialize = resolver.serialize;
  }
}

const PLANS_MAX_BYTES = 24 * 1024 * 1024;

/** Replaces the gateway's own store of query plans. It is bounded in bytes, and holds a plan from its second use on. */
const createPlanStore = () =>
  new SecondUseStore<object>({
    maxBytes: PLANS_MAX_BYTES,
    bytesOf: (plan) => JSON.stringify(plan).length * 4,
  }).asKeyValueCache();

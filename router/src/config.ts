import { readCpf } from '@pessoa/domain/cpf';
import type { PerService } from '@pessoa/domain/services';
import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  splitList,
  httpUrl,
  metricsAddress,
  metricsPort,
  millis,
  port,
  readEnvironment,
} from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { MetricsAddress } from '@pessoa/service/metrics/metrics';
import { z } from 'zod';
import {
  isOrigin,
  type OidcConfig,
  personPageFaults,
  personPageVariables,
  readOidc,
} from './person-page/page-settings.ts';
import {
  type PersistedOperationsMode,
  persistedOperationsModes,
} from './persisted-operations/persisted-operations-check.ts';

const subgraphUrl = (standardPort: number) => httpUrl.default(`http://127.0.0.1:${standardPort}/graphql`);

/** Whether a changed graph that cannot run a recent operation replaces the one before it. */
const breakingChangesModes = ['refuse', 'allow'] as const;
export type BreakingChangesMode = (typeof breakingChangesModes)[number];

/** The environment variables of this process. */
export const variables = {
  ...commonVariables,
  ROUTER_PORT: port(4000),
  ROUTER_METRICS_PORT: metricsPort,
  DEBT_URL: subgraphUrl(4001),
  SCORE_URL: subgraphUrl(4002),
  EVENT_URL: subgraphUrl(4003),
  /** The auditor, which keeps the log of the audit. Without it the router has no `/auditoria`. */
  AUDITOR_URL: httpUrl.optional(),
  /** Time of a whole call: the subgraph's own budget and the way there and back. */
  DEBT_TIMEOUT_MILLIS: millis(1_700),
  SCORE_TIMEOUT_MILLIS: millis(1_000),
  EVENT_TIMEOUT_MILLIS: millis(900),
  REQUEST_TIMEOUT_MILLIS: millis(3_000),
  SUBGRAPH_CONNECTIONS: wholeNumber(1, 1_000).default(64),
  /** The highest estimated cost of an operation (docs/cost.md). */
  MAX_OPERATION_COST: wholeNumber(1, 1_000_000).default(10_000),
  /** Origins whose scripts may read the answers, separated by commas: `https://app.example`. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform(splitList)
    .refine((origins) => origins.every(isOrigin), 'is not a list of origins'),
  /**
   * The pages for developers. Default: `on` in development, `off` in production. In production only `public` opens
   * them.
   */
  EXPLORER: z.enum(['on', 'off', 'public'], 'is neither on, off nor public').optional(),
  /** The file with the composed supergraph. Default: schema/supergraph.graphql. */
  SUPERGRAPH: z.string().optional(),
  /** Whether a changed supergraph that breaks a recent operation is refused. */
  SUPERGRAPH_BREAKING_CHANGES: z.enum(breakingChangesModes, 'is neither refuse nor allow').default('refuse'),
  /** Whether requests may name operations by id (`on`), and whether no other operation runs (`only`). */
  PERSISTED_OPERATIONS: z.enum(persistedOperationsModes, 'is neither off, on nor only').default('off'),
  /** The file with the persisted operations, in Apollo's format. Default: schema/operations.json. */
  PERSISTED_OPERATIONS_MANIFEST: z.string().optional(),
  /** Whether `/mcp` offers the persisted operations as tools (docs/mcp.md). */
  MCP: z.enum(['on', 'off'], 'is neither on nor off').default('off'),
  /** Development only: the folder with the key that signs the explorer's tokens. */
  PESSOA_HOME: z.string().optional(),
  /** Development only: the person of the explorer's example query. */
  EXAMPLE_CPF: z
    .string()
    .refine((value) => readCpf(value) !== undefined, 'is not a CPF')
    .optional(),
  ...personPageVariables,
};

const SUPERGRAPH = new URL('../../schema/supergraph.graphql', import.meta.url);
const MANIFEST = new URL('../../schema/operations.json', import.meta.url);

interface SubgraphAddress {
  readonly url: string;
  readonly timeoutMillis: number;
}

export interface RouterConfig extends CommonConfig {
  readonly port: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly subgraphs: PerService<SubgraphAddress>;
  readonly subgraphConnections: number;
  readonly auditorUrl: string | undefined;
  readonly requestTimeoutMillis: number;
  readonly maxOperationCost: number;
  readonly corsOrigins: ReadonlySet<string>;
  readonly supergraph: string | URL;
  readonly breakingChanges: BreakingChangesMode;
  readonly persistedOperations: { readonly mode: PersistedOperationsMode; readonly manifest: string | URL };
  readonly mcp: boolean;
  readonly explorer: { readonly home: string | undefined; readonly exampleCpf: string | undefined } | undefined;
  /** The person's page; undefined when nobody could sign in to it. */
  readonly personPage: PersonPageConfig | undefined;
}

/** How users sign in to the person's page: at an issuer, or in development with the keys of a data folder. */
export type PersonPageConfig =
  | { readonly oidc: OidcConfig }
  | { readonly oidc: undefined; readonly home: string; readonly exampleCpf: string | undefined };

/** @throws ConfigError that names each missing or wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): RouterConfig {
  const values = readEnvironment('router', variables, env, personPageFaults);
  const common = commonConfig(values);
  const explorer = values.EXPLORER ?? (common.isDevelopment ? 'on' : 'off');
  return {
    ...common,
    port: values.ROUTER_PORT,
    metricsAddress: metricsAddress(values.METRICS_HOST, values.ROUTER_METRICS_PORT, values.ROUTER_PORT),
    subgraphs: {
      debt: { url: values.DEBT_URL, timeoutMillis: values.DEBT_TIMEOUT_MILLIS },
      score: { url: values.SCORE_URL, timeoutMillis: values.SCORE_TIMEOUT_MILLIS },
      event: { url: values.EVENT_URL, timeoutMillis: values.EVENT_TIMEOUT_MILLIS },
    },
    subgraphConnections: values.SUBGRAPH_CONNECTIONS,
    auditorUrl: values.AUDITOR_URL,
    requestTimeoutMillis: values.REQUEST_TIMEOUT_MILLIS,
    maxOperationCost: values.MAX_OPERATION_COST,
    corsOrigins: new Set(values.CORS_ORIGINS),
    supergraph: values.SUPERGRAPH ?? SUPERGRAPH,
    breakingChanges: values.SUPERGRAPH_BREAKING_CHANGES,
    persistedOperations: {
      mode: values.PERSISTED_OPERATIONS,
      manifest: values.PERSISTED_OPERATIONS_MANIFEST ?? MANIFEST,
    },
    mcp: values.MCP === 'on',
    explorer:
      explorer === 'off'
        ? undefined
        : { home: common.isDevelopment ? values.PESSOA_HOME : undefined, exampleCpf: values.EXAMPLE_CPF },
    personPage: personPageConfig(values, common.isDevelopment),
  };
}

function personPageConfig(
  values: Parameters<typeof readOidc>[0] & {
    readonly PESSOA_HOME?: string | undefined;
    EXAMPLE_CPF?: string | undefined;
  },
  isDevelopment: boolean,
): PersonPageConfig | undefined {
  const oidc = readOidc(values);
  if (oidc) return { oidc };
  const home = isDevelopment ? values.PESSOA_HOME : undefined;
  return home === undefined ? undefined : { oidc: undefined, home, exampleCpf: values.EXAMPLE_CPF };
}

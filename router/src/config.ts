import { readCpf } from '@pessoa/domain/cpf';
import type { PerService } from '@pessoa/domain/services';
import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  listOf,
  metricsAddress,
  metricsPort,
  millis,
  port,
  readEnvironment,
} from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { MetricsAddress } from '@pessoa/service/metrics/metrics';
import { z } from 'zod';

const subgraphUrl = (standardPort: number) =>
  z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' }).default(`http://127.0.0.1:${standardPort}/graphql`);

/** A scheme and a host as a browser writes them, without a path. */
const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text && /^https?:/.test(text);

/** Every variable this process reads. */
export const variables = {
  ...commonVariables,
  ROUTER_PORT: port(4000),
  ROUTER_METRICS_PORT: metricsPort,
  DEBT_URL: subgraphUrl(4001),
  SCORE_URL: subgraphUrl(4002),
  EVENT_URL: subgraphUrl(4003),
  /** What a call may take as a whole: the subgraph's own budget and the way there and back. */
  DEBT_TIMEOUT_MILLIS: millis(1_700),
  SCORE_TIMEOUT_MILLIS: millis(1_000),
  EVENT_TIMEOUT_MILLIS: millis(900),
  REQUEST_TIMEOUT_MILLIS: millis(3_000),
  SUBGRAPH_CONNECTIONS: wholeNumber(1, 1_000).default(64),
  /** Origins whose scripts may read the answers, such as `https://app.example`; comma separated. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform(listOf)
    .refine((one) => one.every(isOrigin), 'is not a list of origins'),
  /** The pages for developers; on in development, off in production, where only `public` opens them. */
  EXPLORER: z.enum(['on', 'off', 'public'], 'is neither on, off nor public').optional(),
  /** Development only: the folder with the key that signs the explorer's tokens. */
  PESSOA_HOME: z.string().optional(),
  /** Development only: whom the explorer's example asks for. */
  EXAMPLE_CPF: z
    .string()
    .refine((text) => readCpf(text) !== undefined, 'is not a CPF')
    .optional(),
};

interface SubgraphAddress {
  readonly url: string;
  readonly timeoutMillis: number;
}

export interface RouterConfig extends CommonConfig {
  readonly port: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly subgraphs: PerService<SubgraphAddress>;
  readonly subgraphConnections: number;
  readonly requestTimeoutMillis: number;
  readonly corsOrigins: ReadonlySet<string>;
  readonly explorer: { readonly home: string | undefined; readonly exampleCpf: string | undefined } | undefined;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): RouterConfig {
  const values = readEnvironment('router', variables, env);
  const common = commonConfig(values);
  const explorer = values.EXPLORER ?? (common.development ? 'on' : 'off');
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
    requestTimeoutMillis: values.REQUEST_TIMEOUT_MILLIS,
    corsOrigins: new Set(values.CORS_ORIGINS),
    explorer:
      explorer === 'off'
        ? undefined
        : { home: common.development ? values.PESSOA_HOME : undefined, exampleCpf: values.EXAMPLE_CPF },
  };
}

import type { BaseContract, ColumnTypes } from '@pessoa/bases/base-definition';
import { definitions } from '@pessoa/bases/definitions';
import type { BaseArgument } from '@pessoa/domain/services';
import { ConfigError, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { lagMaxSeconds } from '@pessoa/subgraph/replica/replica-config';

export type BaseName = BaseArgument;

const url = postgresUrl.optional();

/** Every variable these commands read; none is needed for a base that they are not asked about. */
export const variables = {
  BASE_A_URL: url,
  BASE_A_ADMIN_URL: url,
  BASE_A_REPLICA_URL: url,
  /** Superuser of the replica's server, for the replica's database. */
  BASE_A_REPLICA_ADMIN_URL: url,
  /** Base A as the replica's server reaches it. */
  BASE_A_REPLICA_SOURCE_URL: url,
  BASE_A_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseA'),
  BASE_B_URL: url,
  BASE_B_ADMIN_URL: url,
  BASE_B_REPLICA_URL: url,
  BASE_B_REPLICA_ADMIN_URL: url,
  BASE_B_REPLICA_SOURCE_URL: url,
  BASE_B_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseB'),
  BASE_C_URL: url,
  BASE_C_ADMIN_URL: url,
  BASE_C_REPLICA_URL: url,
  BASE_C_REPLICA_ADMIN_URL: url,
  BASE_C_REPLICA_SOURCE_URL: url,
  BASE_C_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseC'),
};

const bases = {
  'base-a': { prefix: 'BASE_A', ...definitions.baseA },
  'base-b': { prefix: 'BASE_B', ...definitions.baseB },
  'base-c': { prefix: 'BASE_C', ...definitions.baseC },
} as const;

export const baseNames = Object.keys(bases) as BaseName[];
export const isBaseName = (name: string): name is BaseName => name in bases;

/** A base that has a replica, as its service sees both. */
export interface WatchedBase {
  readonly name: BaseName;
  readonly contract: BaseContract;
  readonly types: ColumnTypes;
  /** The publisher, reader role. */
  readonly url: string;
  readonly replica: { readonly url: string; readonly lagMaxSeconds: number };
}

/** What it takes to make a replica. */
export interface ReplicatedBase extends WatchedBase {
  readonly adminUrl: string;
  readonly replicaAdminUrl: string;
  /** The publisher as the replica's server reaches it; absent: as we do, with a role of the replica's own. */
  readonly publisherUrl: string | undefined;
}

/** @throws ConfigError naming every variable of this base that is missing, or any that is wrong */
export function readReplicatedBase(name: BaseName, env: NodeJS.ProcessEnv): ReplicatedBase {
  const { prefix, contract, types } = bases[name];
  const values = readEnvironment('replica', variables, env);
  const needed = [
    `${prefix}_URL`,
    `${prefix}_ADMIN_URL`,
    `${prefix}_REPLICA_URL`,
    `${prefix}_REPLICA_ADMIN_URL`,
  ] as const;
  const [of, missing] = [
    (variable: (typeof needed)[number]) => values[variable] ?? '',
    needed.filter((one) => !values[one]),
  ];
  if (missing.length > 0) {
    throw new ConfigError(`replica cannot start:\n${missing.map((one) => `  ${one}: is required`).join('\n')}`);
  }
  return {
    name,
    contract,
    types,
    url: of(`${prefix}_URL`),
    adminUrl: of(`${prefix}_ADMIN_URL`),
    replica: { url: of(`${prefix}_REPLICA_URL`), lagMaxSeconds: values[`${prefix}_REPLICA_LAG_MAX_SECONDS`] },
    replicaAdminUrl: of(`${prefix}_REPLICA_ADMIN_URL`),
    publisherUrl: values[`${prefix}_REPLICA_SOURCE_URL`],
  };
}

/** Those that the environment gives a publisher and a replica. @throws ConfigError naming what is wrong */
export function readWatchedBases(env: NodeJS.ProcessEnv): WatchedBase[] {
  const values = readEnvironment('replica:status', variables, env);
  return baseNames.flatMap((name) => {
    const { prefix, contract, types } = bases[name];
    const [publisher, replica] = [values[`${prefix}_URL`], values[`${prefix}_REPLICA_URL`]];
    if (!publisher || !replica) return [];
    const lagMaxSeconds = values[`${prefix}_REPLICA_LAG_MAX_SECONDS`];
    return [{ name, contract, types, url: publisher, replica: { url: replica, lagMaxSeconds } }];
  });
}

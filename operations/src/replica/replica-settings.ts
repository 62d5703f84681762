import type { BaseContract, ColumnTypes } from '@pessoa/bases/base-definition';
import { definitions } from '@pessoa/bases/definitions';
import type { BaseArgument } from '@pessoa/domain/services';
import { ConfigError, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { lagMaxSeconds } from '@pessoa/subgraph/replica/replica-config';

export type BaseName = BaseArgument;

const url = postgresUrl.optional();

/** Every variable that these commands read. The variables of other bases than the requested ones may be absent. */
export const variables = {
  BASE_A_URL: url,
  BASE_A_ADMIN_URL: url,
  BASE_A_REPLICA_URL: url,
  /** The replica's database, by a superuser of its server. */
  BASE_A_REPLICA_ADMIN_URL: url,
  /** The address by which the replica's server reaches Base A. */
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

/** A base with a replica, by the roles of its service. */
export interface WatchedBase {
  readonly name: BaseName;
  readonly contract: BaseContract;
  readonly types: ColumnTypes;
  /** The publisher, by its reader role. */
  readonly url: string;
  readonly replica: { readonly url: string; readonly lagMaxSeconds: number };
}

/** The settings for making a replica. */
export interface ReplicatedBase extends WatchedBase {
  readonly adminUrl: string;
  readonly replicaAdminUrl: string;
  /** The address by which the replica's server reaches the publisher; default: ours, with the replica's own role. */
  readonly publisherUrl: string | undefined;
}

/** @throws ConfigError naming every variable of this base that is missing, or every variable that is wrong */
export function readReplicatedBase(name: BaseName, env: NodeJS.ProcessEnv): ReplicatedBase {
  const { prefix, contract, types } = bases[name];
  const values = readEnvironment('replica', variables, env);
  const needed = [
    `${prefix}_URL`,
    `${prefix}_ADMIN_URL`,
    `${prefix}_REPLICA_URL`,
    `${prefix}_REPLICA_ADMIN_URL`,
  ] as const;
  const valueOf = (variable: (typeof needed)[number]): string => values[variable] ?? '';
  const missing = needed.filter((variable) => !values[variable]);
  if (missing.length > 0) {
    throw new ConfigError(
      `replica cannot start:\n${missing.map((variable) => `  ${variable}: is required`).join('\n')}`,
    );
  }
  return {
    name,
    contract,
    types,
    url: valueOf(`${prefix}_URL`),
    adminUrl: valueOf(`${prefix}_ADMIN_URL`),
    replica: { url: valueOf(`${prefix}_REPLICA_URL`), lagMaxSeconds: values[`${prefix}_REPLICA_LAG_MAX_SECONDS`] },
    replicaAdminUrl: valueOf(`${prefix}_REPLICA_ADMIN_URL`),
    publisherUrl: values[`${prefix}_REPLICA_SOURCE_URL`],
  };
}

/** The bases for which the environment names a publisher and a replica. @throws ConfigError naming every variable that is wrong */
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

import { ConfigError } from '@pessoa/platform/config/environment';
import { maskSecrets } from '@pessoa/platform/logging/logger';
import { ReplicaError } from './replica-error.ts';
import { isBaseName, readWatchedBases } from './replica-settings.ts';
import { replicaStatus } from './replica-status.ts';

const USAGE = 'usage: npm run replica:status [-- base-a|base-b|base-c ...]';

/**
 * `npm run replica:status`: a line for each base with a replica, or for those named; fails when reads would not go to one
 * of them.
 */
try {
  const names = process.argv.slice(2);
  if (!names.every(isBaseName)) throw new ReplicaError(USAGE);
  const bases = readWatchedBases(process.env).filter(({ name }) => names.length === 0 || names.includes(name));
  if (bases.length === 0) throw new ReplicaError('no such base has both its BASE_x_URL and its BASE_x_REPLICA_URL set');
  for (const { lines, isHealthy } of await Promise.all(bases.map(replicaStatus))) {
    for (const line of lines) console.log(line);
    if (!isHealthy) process.exitCode = 1;
  }
} catch (error) {
  const { message } = error as Error;
  console.error(error instanceof ReplicaError || error instanceof ConfigError ? message : maskSecrets(message));
  process.exitCode = 1;
}

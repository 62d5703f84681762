import { ConfigError } from '@pessoa/platform/config/environment';
import { maskSecrets } from '@pessoa/platform/logging/logger';
import { ReplicaError } from './replica-error.ts';
import { readWatchedBases } from './replica-settings.ts';
import { replicaStatus } from './replica-status.ts';

/** `npm run replica:status`: a line for each base with a replica; fails when reads would not go to one of them. */
try {
  const bases = readWatchedBases(process.env);
  if (bases.length === 0) throw new ReplicaError('no base has both its BASE_x_URL and its BASE_x_REPLICA_URL set');
  for (const { lines, isHealthy } of await Promise.all(bases.map(replicaStatus))) {
    for (const line of lines) console.log(line);
    if (!isHealthy) process.exitCode = 1;
  }
} catch (error) {
  const { message } = error as Error;
  console.error(error instanceof ReplicaError || error instanceof ConfigError ? message : maskSecrets(message));
  process.exitCode = 1;
}

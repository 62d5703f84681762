import { ConfigError } from '@pessoa/service/config/environment';
import { maskSecrets } from '@pessoa/service/logging/logger';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { ReplicaError } from './replica-error.ts';
import { baseNames, isBaseName, readWatchedBases } from './replica-settings.ts';
import { replicaStatus } from './replica-status.ts';

const command = {
  name: 'npm run replica:status',
  about: 'A line for each base with a replica, or for those named; exit code 1 when reads would not go to one of them.',
  args: `[${baseNames.join('|')} ...]`,
  options: {},
};

async function status(args: readonly string[]): Promise<void> {
  const names = readArguments(command, args).positionals;
  if (!names.every(isBaseName)) throw new UsageError(`a base is one of ${baseNames.join(', ')}`);
  const bases = readWatchedBases(process.env).filter(({ name }) => names.length === 0 || names.includes(name));
  if (bases.length === 0) throw new ReplicaError('no such base has both its BASE_x_URL and its BASE_x_REPLICA_URL set');
  for (const { lines, isHealthy } of await Promise.all(bases.map(replicaStatus))) {
    for (const line of lines) console.log(line);
    if (!isHealthy) process.exitCode = 1;
  }
}

await runCommand(command, status, {
  messageOf(error) {
    const { message } = error as Error;
    const isOurs = error instanceof ReplicaError || error instanceof ConfigError || error instanceof UsageError;
    return isOurs ? message : maskSecrets(message);
  },
});

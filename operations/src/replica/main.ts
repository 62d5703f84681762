import { ConfigError } from '@pessoa/service/config/environment';
import { maskSecrets } from '@pessoa/service/logging/logger';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { removeReplica } from './remove-replica.ts';
import { ReplicaError } from './replica-error.ts';
import { baseNames, isBaseName, readReplicatedBase } from './replica-settings.ts';
import { replicate } from './replicate.ts';

const command = {
  name: 'npm run replica',
  about: 'Makes or mends the replica of one base, and waits until it is copied.',
  args: baseNames.join('|'),
  options: { remove: { type: 'boolean', default: false, about: 'takes the replica away' } },
} as const;

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(command, args);
  const [name = '', ...extraArguments] = positionals;
  if (!isBaseName(name) || extraArguments.length > 0) throw new UsageError(`name one base of ${baseNames.join(', ')}`);
  const base = readReplicatedBase(name, process.env);
  const say = (line: string): void => console.log(`${name}: ${line}`);
  if (values.remove) {
    await removeReplica(base, say);
  } else {
    const startedAtMillis = performance.now();
    await replicate(base, say);
    say(`every table is copied and followed, after ${((performance.now() - startedAtMillis) / 1_000).toFixed(1)} s`);
  }
}

await runCommand(command, run, {
  messageOf(error) {
    const { message } = error as Error;
    const isOurs = error instanceof ReplicaError || error instanceof ConfigError || error instanceof UsageError;
    return isOurs ? message : maskSecrets(message); // PostgreSQL's own words may hold a connection string
  },
});

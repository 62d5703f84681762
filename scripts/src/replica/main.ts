import { parseArgs } from 'node:util';
import { ConfigError } from '@pessoa/platform/config/environment';
import { maskSecrets } from '@pessoa/platform/logging/logger';
import { removeReplica } from './remove-replica.ts';
import { ReplicaError } from './replica-error.ts';
import { isBaseName, readReplicatedBase } from './replica-settings.ts';
import { replicate } from './replicate.ts';

const USAGE = 'usage: npm run replica -- base-a|base-b|base-c [--remove]';

/** `npm run replica`: makes, mends or removes the replica of one base. */
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { remove: { type: 'boolean', default: false } },
  });
  const [name = '', ...more] = positionals;
  if (!isBaseName(name) || more.length > 0) throw new ReplicaError(USAGE);
  const base = readReplicatedBase(name, process.env);
  const say = (line: string): void => console.log(`${name}: ${line}`);
  if (values.remove) {
    await removeReplica(base, say);
  } else {
    const startedAtMillis = performance.now();
    await replicate(base, say);
    say(`every table is copied and followed, after ${((performance.now() - startedAtMillis) / 1_000).toFixed(1)} s`);
  }
} catch (error) {
  const { message } = error as Error;
  // PostgreSQL's own words may hold a connection string.
  console.error(error instanceof ReplicaError || error instanceof ConfigError ? message : maskSecrets(message));
  process.exitCode = 1;
}

import { readCpf } from '@pessoa/domain/cpf';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { openSharedCache } from './shared-cache.ts';

const command = {
  name: 'npm run cache:invalidate',
  about: 'Removes all data of these people from the Redis that the services share.',
  args: 'CPF [CPF ...]',
  options: {},
};
const NO_REDIS =
  'no Redis is configured (REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER): each service caches in its own memory, which only ' +
  'a restart empties. Restart Score and Event, or wait: a profile is cached for 1 hour and a last card purchase for 45 ' +
  'seconds, unless CACHE_TTL_SECONDS says otherwise';

async function invalidate(args: readonly string[]): Promise<void> {
  if (args.length === 0) throw new UsageError('name at least one CPF');
  const invalidIndex = args.findIndex((arg) => !readCpf(arg));
  // The error names the position of the argument and not its value: many people read terminals and job logs.
  if (invalidIndex >= 0) throw new UsageError(`argument ${invalidIndex + 1} is not a CPF`);
  const cache = await openSharedCache(process.env);
  if (!cache) throw new Error(NO_REDIS);
  try {
    const removed = await cache.forget(args);
    console.log(`removed the cached data of ${removed} ${removed === 1 ? 'person' : 'people'}`);
  } finally {
    await cache.close();
  }
}

await runCommand(command, (args) => invalidate(readArguments(command, args).positionals));

import { readCpf } from '@pessoa/domain/cpf';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { openSharedCache } from './shared-cache.ts';

const command = {
  name: 'npm run cache:invalidate',
  about: 'Takes everything of these people out of the Redis that the services share.',
  args: 'CPF [CPF ...]',
  options: {},
};
const NO_REDIS =
  'no Redis is configured (REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER): each service keeps its own memory, which only ' +
  'its end empties. Restart Score and Event, or wait: a profile is kept for 1 hour and a last card purchase for 45 ' +
  'seconds, unless CACHE_TTL_SECONDS says otherwise';

async function invalidate(args: readonly string[]): Promise<void> {
  if (args.length === 0) throw new UsageError('no CPF is given');
  const wrong = args.findIndex((arg) => !readCpf(arg));
  // The place of it and never what was typed: terminals and logs of jobs are read by many.
  if (wrong >= 0) throw new UsageError(`argument ${wrong + 1} is not a CPF`);
  const cache = await openSharedCache(process.env);
  if (!cache) throw new Error(NO_REDIS);
  try {
    const found = await cache.forget(args);
    console.log(`something was kept of ${found} ${found === 1 ? 'person' : 'people'}; nothing of those named is now`);
  } finally {
    await cache.close();
  }
}

await runCommand(command, (args) => invalidate(readArguments(command, args).positionals));

import { readConfig } from '@pessoa/indexer/config';
import { type OpenIndexing, openIndexing } from '@pessoa/indexer/open-indexing';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { openConnections } from '../system/connections.ts';
import { pessoaHome } from '../system/home.ts';
import { scriptEnvironment } from '../system/settings.ts';

/**
 * Calls `work` with the connections of the indexer, as the environment names them. Without `BASE_C_URL` it takes the embedded
 * Base C and the key of `npm start`.
 *
 * @throws ConfigError naming every variable that is missing or wrong
 */
export async function withIndexing<T>(
  processEnv: NodeJS.ProcessEnv,
  work: (indexing: OpenIndexing) => Promise<T>,
): Promise<T> {
  const env = scriptEnvironment(processEnv);
  if (env['BASE_C_URL']) return withConfig(env, work);
  const connections = await openConnections(env);
  try {
    const { cpfHashKey } = await ensureDevelopmentKeys(pessoaHome(env));
    return await withConfig({ CPF_HASH_KEY: cpfHashKey, ...env, BASE_C_URL: connections.indexerUrl }, work);
  } finally {
    await connections.close();
  }
}

async function withConfig<T>(env: NodeJS.ProcessEnv, work: (indexing: OpenIndexing) => Promise<T>): Promise<T> {
  const indexing = openIndexing(readConfig(env));
  try {
    return await work(indexing);
  } finally {
    await indexing.close();
  }
}

import { commonVariables, ConfigError, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { lagMaxSeconds } from '@pessoa/subgraph/replica/replica-config';
import { developmentDefaults } from '../commands/development-defaults.ts';
import {
  type TokenCommandSettings,
  tokenCommandSettings,
  tokenCommandVariables,
  tokenVariable,
} from '../commands/token-command-settings.ts';
import { openConnections } from '../system/connections.ts';
import { scriptEnvironment } from '../system/settings.ts';

/** Every variable that the extraction reads. */
export const variables = {
  ...tokenCommandVariables,
  BASE_B_URL: postgresUrl,
  BASE_B_REPLICA_URL: postgresUrl.optional(),
  BASE_B_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseB'),
  /** The key of the pseudonyms. No service has it. */
  EXTRACTION_KEY: commonVariables.CPF_HASH_KEY,
  /** A token with the scope score:extracao. */
  EXTRACTION_TOKEN: tokenVariable('score:extracao'),
};

export interface ExtractionSettings extends TokenCommandSettings {
  readonly baseUrl: string;
  readonly replica: { readonly url: string; readonly lagMaxSeconds: number } | undefined;
  readonly key: Uint8Array;
  readonly token: string;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readExtractionSettings(env: NodeJS.ProcessEnv): ExtractionSettings {
  const values = readEnvironment('extract', variables, env, (set) =>
    set['EXTRACTION_KEY'] !== undefined && set['EXTRACTION_KEY'] === set['CPF_HASH_KEY']
      ? [{ name: 'EXTRACTION_KEY', message: 'is the CPF_HASH_KEY: rows could be joined with the audit' }]
      : [],
  );
  const { BASE_B_REPLICA_URL: url } = values;
  return {
    ...tokenCommandSettings(values),
    baseUrl: values.BASE_B_URL,
    replica: url === undefined ? undefined : { url, lagMaxSeconds: values.BASE_B_REPLICA_LAG_MAX_SECONDS },
    key: values.EXTRACTION_KEY,
    token: values.EXTRACTION_TOKEN,
  };
}

/**
 * The settings over the databases that the environment names. Over those of `npm start`, and with PESSOA_ENV=development, the
 * keys and the issuer are those that `npm start` makes.
 *
 * @throws ConfigError
 */
export async function openExtractionSettings(processEnv: NodeJS.ProcessEnv) {
  const env = scriptEnvironment(processEnv);
  if (!env['EXTRACTION_KEY']) throw new ConfigError('extract cannot start:\n  EXTRACTION_KEY: is required: at least 32 bytes in base64url'); // prettier-ignore
  const connections = await openConnections(env);
  const { auditoria, extractionUrl } = connections;
  try {
    const settings = readExtractionSettings({
      ...((auditoria.embedded || env['PESSOA_ENV'] === 'development') && (await developmentDefaults(env))),
      ...env,
      AUDIT_URL: auditoria.url,
      BASE_B_URL: extractionUrl,
    });
    return { settings, close: connections.close };
  } catch (error) {
    await connections.close();
    throw error;
  }
}

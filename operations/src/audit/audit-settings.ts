import type { AuditAccess } from '@pessoa/audit/audit-pool';
import { commonVariables, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { type IssuerConfig, issuerVariables, readIssuers } from '@pessoa/service/config/issuer-settings';
import { type PossessionConfig, possessionVariables, readPossession } from '@pessoa/service/config/possession-settings';
import { z } from 'zod';
import { developmentDefaults } from '../commands/development-defaults.ts';
import { openConnections } from '../system/connections.ts';
import { scriptEnvironment } from '../system/settings.ts';

const variables = {
  PESSOA_ENV: commonVariables.PESSOA_ENV,
  ...issuerVariables,
  ...possessionVariables,
  CPF_HASH_KEY: commonVariables.CPF_HASH_KEY,
  AUDIT_URL: commonVariables.AUDIT_URL,
  AUDIT_TIMEOUT_MILLIS: commonVariables.AUDIT_TIMEOUT_MILLIS,
  AUDIT_READER_URL: postgresUrl,
  /** A token with the scope auditoria:read. */
  AUDIT_TOKEN: z.string('is required: a token with the scope auditoria:read').trim(),
};

export interface AuditSettings {
  readonly isDevelopment: boolean;
  readonly jwt: PossessionConfig & { readonly issuers: readonly IssuerConfig[] };
  readonly cpfHashKey: Uint8Array;
  readonly audit: AuditAccess;
  readonly readerUrl: string;
  readonly token: string;
}

/** @throws ConfigError naming every variable that is missing or wrong */
function readAuditSettings(env: NodeJS.ProcessEnv): AuditSettings {
  const values = readEnvironment('audit', variables, env);
  return {
    isDevelopment: values.PESSOA_ENV === 'development',
    jwt: { issuers: readIssuers(values), ...readPossession(values) },
    cpfHashKey: values.CPF_HASH_KEY,
    audit: { url: values.AUDIT_URL, timeoutMillis: values.AUDIT_TIMEOUT_MILLIS },
    readerUrl: values.AUDIT_READER_URL,
    token: values.AUDIT_TOKEN,
  };
}

/**
 * The settings over the audit that the environment names. Without one it is that of `npm start`. Over that, and with
 * PESSOA_ENV=development, the keys and the issuer are those that `npm start` makes.
 *
 * @throws ConfigError
 */
export async function openAuditSettings(processEnv: NodeJS.ProcessEnv) {
  const env = scriptEnvironment(processEnv);
  const isDevelopment = !env['AUDIT_URL'] || env['PESSOA_ENV'] === 'development';
  const defaults = isDevelopment ? await developmentDefaults(env) : {};
  if (env['AUDIT_URL']) return { settings: readAuditSettings({ ...defaults, ...env }), close: async () => {} };
  const { auditoria, close } = await openConnections(env);
  try {
    const urls = { AUDIT_URL: auditoria.url, AUDIT_READER_URL: auditoria.readerUrl };
    return { settings: readAuditSettings({ ...defaults, ...env, ...urls }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

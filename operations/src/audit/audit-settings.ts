import { ConfigError, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { developmentDefaults } from '../commands/development-defaults.ts';
import {
  type TokenCommandSettings,
  tokenCommandSettings,
  tokenCommandVariables,
  tokenVariable,
} from '../commands/token-command-settings.ts';
import { openConnections } from '../system/connections.ts';
import { scriptEnvironment } from '../system/settings.ts';

const variables = {
  ...tokenCommandVariables,
  AUDIT_READER_URL: postgresUrl,
  /** A token with the scope auditoria:read. */
  AUDIT_TOKEN: tokenVariable('auditoria:read'),
};

export interface AuditSettings extends TokenCommandSettings {
  readonly readerUrl: string;
  readonly token: string;
}

/** @throws ConfigError naming every variable that is missing or wrong */
function readAuditSettings(env: NodeJS.ProcessEnv): AuditSettings {
  const values = readEnvironment('audit', variables, env);
  return {
    ...tokenCommandSettings(values),
    readerUrl: values.AUDIT_READER_URL,
    token: values.AUDIT_TOKEN,
  };
}

/** The audit of `npm start` must not answer for the one whose reader is named. */
const NO_AUDIT_URL = 'audit cannot start:\n  AUDIT_URL: is required with AUDIT_READER_URL';

/**
 * The settings over the audit that the environment names. Without one it is that of `npm start`. Over that, and with
 * PESSOA_ENV=development, the keys and the issuer are those that `npm start` makes.
 *
 * @throws ConfigError
 */
export async function openAuditSettings(processEnv: NodeJS.ProcessEnv) {
  const env = scriptEnvironment(processEnv);
  if (env['AUDIT_READER_URL'] && !env['AUDIT_URL']) throw new ConfigError(NO_AUDIT_URL, ['AUDIT_URL: is required']);
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

import { ConfigError, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { openSettingsOverAudit } from '../commands/settings-over-audit.ts';
import {
  type TokenCommandSettings,
  tokenCommandSettings,
  tokenCommandVariables,
  tokenVariable,
} from '../commands/token-command-settings.ts';
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
 * The settings of a question (`openSettingsOverAudit`).
 *
 * @throws ConfigError
 */
export async function openAuditSettings(processEnv: NodeJS.ProcessEnv) {
  const env = scriptEnvironment(processEnv);
  if (env['AUDIT_READER_URL'] && !env['AUDIT_URL']) throw new ConfigError(NO_AUDIT_URL, ['AUDIT_URL: is required']);
  return openSettingsOverAudit(
    env,
    ({ url, readerUrl }) => ({ AUDIT_URL: url, AUDIT_READER_URL: readerUrl }),
    readAuditSettings,
  );
}

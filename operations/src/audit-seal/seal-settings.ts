import { postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { openSettingsOverOwnedAudit } from '../commands/settings-over-owned-audit.ts';
import {
  type TokenCommandSettings,
  tokenCommandSettings,
  tokenCommandVariables,
  tokenVariable,
} from '../commands/token-command-settings.ts';

/** Every variable that a decision on a seal reads. */
const variables = {
  ...tokenCommandVariables,
  /** The owner of the audit, the only role that may decide. */
  AUDIT_ADMIN_URL: postgresUrl,
  /** A token with the scope auditoria:sigilo. */
  AUDIT_TOKEN: tokenVariable('auditoria:sigilo'),
};

export interface SealSettings extends TokenCommandSettings {
  readonly adminUrl: string;
  readonly token: string;
}

/** @throws ConfigError naming every variable that is missing or wrong */
function readSealSettings(env: NodeJS.ProcessEnv): SealSettings {
  const values = readEnvironment('audit:seal', variables, env);
  return { ...tokenCommandSettings(values), adminUrl: values.AUDIT_ADMIN_URL, token: values.AUDIT_TOKEN };
}

/** @throws ConfigError */
export const openSealSettings = (processEnv: NodeJS.ProcessEnv) =>
  openSettingsOverOwnedAudit('audit:seal', processEnv, readSealSettings);

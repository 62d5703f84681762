import { ConfigError } from '@pessoa/service/config/environment';
import { scriptEnvironment } from '../system/settings.ts';
import { openSettingsOverAudit } from './settings-over-audit.ts';

/**
 * The settings of a command that acts as the owner of the audit (`openSettingsOverAudit`). The audit of `npm start` must not be changed in place of
 * the one whose owner is named.
 *
 * @param name of the command
 * @param read reads the settings. @throws ConfigError
 * @throws ConfigError
 */
export async function openSettingsOverOwnedAudit<Settings>(
  name: string,
  processEnv: NodeJS.ProcessEnv,
  read: (env: NodeJS.ProcessEnv) => Settings,
): Promise<{ readonly settings: Settings; close(): Promise<void> }> {
  const env = scriptEnvironment(processEnv);
  if (env['AUDIT_ADMIN_URL'] && !env['AUDIT_URL'])
    throw new ConfigError(`${name} cannot start:\n  AUDIT_URL: is required with AUDIT_ADMIN_URL`, ['AUDIT_URL: is required']); // prettier-ignore
  return openSettingsOverAudit(env, ({ url, adminUrl }) => ({ AUDIT_URL: url, AUDIT_ADMIN_URL: adminUrl }), read);
}

import { type Connections, openConnections } from '../system/connections.ts';
import { scriptEnvironment } from '../system/settings.ts';
import { developmentDefaults } from './development-defaults.ts';

/**
 * The settings of a command over the audit that the environment names. Without one it is that of `npm start`. Over that, and with
 * PESSOA_ENV=development, the keys and the issuer are those that `npm start` makes.
 *
 * @param urlsOf the variables of the audit of `npm start`
 * @param read reads the settings. @throws ConfigError
 */
export async function openSettingsOverAudit<Settings>(
  processEnv: NodeJS.ProcessEnv,
  urlsOf: (auditoria: Connections['auditoria']) => NodeJS.ProcessEnv,
  read: (env: NodeJS.ProcessEnv) => Settings,
): Promise<{ readonly settings: Settings; close(): Promise<void> }> {
  const env = scriptEnvironment(processEnv);
  const isDevelopment = !env['AUDIT_URL'] || env['PESSOA_ENV'] === 'development';
  const defaults = isDevelopment ? await developmentDefaults(env) : {};
  if (env['AUDIT_URL']) return { settings: read({ ...defaults, ...env }), close: async () => {} };
  const { auditoria, close } = await openConnections(env);
  try {
    return { settings: read({ ...defaults, ...env, ...urlsOf(auditoria) }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

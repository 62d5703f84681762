import { ConfigError, readSettingFiles } from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';

/** Every variable that a script reads for itself; those of the services are in their own `config.ts`. */
export const scriptVariables = [
  'PESSOA_HOME',
  'PESSOA_TOKEN',
  'EMBEDDED_POSTGRES_PORT',
  'TOPOLOGY',
  'HOST',
  'DEBT_PORT',
  'SCORE_PORT',
  'EVENT_PORT',
  'AUDITOR_PORT',
  'ROUTER_PORT',
  'BASE_A_URL',
  'BASE_B_URL',
  'BASE_C_URL',
  'AUDIT_URL',
  'AUDIT_READER_URL',
  'AUDIT_AUDITOR_URL',
  'BASE_A_ADMIN_URL',
  'BASE_B_ADMIN_URL',
  'BASE_C_ADMIN_URL',
  'AUDIT_ADMIN_URL',
  'CPF_HASH_KEY',
  'ELASTICSEARCH_URL',
  'DEBT_URL',
  'SCORE_URL',
  'EVENT_URL',
  'PESSOA_ENV',
  'JWT_JWKS_URL',
  'JWT_AUDIENCE',
  'EXAMPLE_CPF',
  'EXTRACTION_KEY',
  'EXTRACTION_TOKEN',
  'AUDIT_TOKEN',
  'AUDIT_RETENTION_MONTHS',
] as const;

/**
 * The environment as scripts read it: by file what is given by file, nothing that is empty.
 * @throws ConfigError naming every variable whose file cannot be taken
 */
export const scriptEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => readSettingFiles(env, scriptVariables);

/**
 * The port of the embedded PostgreSQL; undefined means a free port.
 * @throws ConfigError for a value that is not a port
 */
export function embeddedPostgresPort(env: NodeJS.ProcessEnv): number | undefined {
  const value = env['EMBEDDED_POSTGRES_PORT'];
  if (!value) return undefined;
  const { data, error } = wholeNumber(1, 65_535, 'a port').safeParse(value);
  if (!error) return data;
  const fault = `EMBEDDED_POSTGRES_PORT: ${error.issues[0]?.message}`;
  throw new ConfigError(`these settings cannot be used:\n  ${fault}`, [fault]);
}

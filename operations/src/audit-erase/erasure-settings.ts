import { leastTerms } from '@pessoa/audit/retention';
import { ConfigError, postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import { openSettingsOverAudit } from '../commands/settings-over-audit.ts';
import {
  type TokenCommandSettings,
  tokenCommandSettings,
  tokenCommandVariables,
  tokenVariable,
} from '../commands/token-command-settings.ts';
import { scriptEnvironment } from '../system/settings.ts';

const INQUIRY_MONTHS = 60;

/** Every variable that the erasure reads. */
const variables = {
  ...tokenCommandVariables,
  /** The owner of the audit, the only role that may delete. */
  AUDIT_ADMIN_URL: postgresUrl,
  /** A token with the scope auditoria:eliminacao. */
  AUDIT_TOKEN: tokenVariable('auditoria:eliminacao'),
  /** How long reads without a consent or a court order are kept, in months. */
  AUDIT_RETENTION_MONTHS: wholeNumber(leastTerms.CONSULTA, 1_200, 'a whole number of months').default(INQUIRY_MONTHS),
}; // prettier-ignore

export interface ErasureSettings extends TokenCommandSettings {
  readonly adminUrl: string;
  readonly token: string;
  readonly inquiryMonths: number;
}

/** @throws ConfigError naming every variable that is missing or wrong */
function readErasureSettings(env: NodeJS.ProcessEnv): ErasureSettings {
  const values = readEnvironment('audit:erase', variables, env);
  return {
    ...tokenCommandSettings(values),
    adminUrl: values.AUDIT_ADMIN_URL,
    token: values.AUDIT_TOKEN,
    inquiryMonths: values.AUDIT_RETENTION_MONTHS,
  };
}

/** The audit of `npm start` must not be erased in place of the one whose owner is named. */
const NO_AUDIT_URL = 'audit:erase cannot start:\n  AUDIT_URL: is required with AUDIT_ADMIN_URL';

/**
 * The settings of an erasure (`openSettingsOverAudit`).
 *
 * @throws ConfigError
 */
export async function openErasureSettings(processEnv: NodeJS.ProcessEnv) {
  const env = scriptEnvironment(processEnv);
  if (env['AUDIT_ADMIN_URL'] && !env['AUDIT_URL']) throw new ConfigError(NO_AUDIT_URL, ['AUDIT_URL: is required']);
  return openSettingsOverAudit(
    env,
    ({ url, adminUrl }) => ({ AUDIT_URL: url, AUDIT_ADMIN_URL: adminUrl }),
    readErasureSettings,
  );
}

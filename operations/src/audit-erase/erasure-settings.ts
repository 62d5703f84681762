import { leastTerms } from '@pessoa/audit/retention';
import { postgresUrl, readEnvironment } from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import { openSettingsOverOwnedAudit } from '../commands/settings-over-owned-audit.ts';
import {
  type TokenCommandSettings,
  tokenCommandSettings,
  tokenCommandVariables,
  tokenVariable,
} from '../commands/token-command-settings.ts';

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

/** @throws ConfigError */
export const openErasureSettings = (processEnv: NodeJS.ProcessEnv) =>
  openSettingsOverOwnedAudit('audit:erase', processEnv, readErasureSettings);

import type { AuditAccess } from '@pessoa/audit/audit-pool';
import { commonVariables } from '@pessoa/service/config/environment';
import { type IssuerConfig, issuerVariables, readIssuers } from '@pessoa/service/config/issuer-settings';
import { type PossessionConfig, possessionVariables, readPossession } from '@pessoa/service/config/possession-settings';
import { z } from 'zod';

/** What every command reads that acts for the holder of a token and records what it reads. */
export const tokenCommandVariables = {
  PESSOA_ENV: commonVariables.PESSOA_ENV,
  ...issuerVariables,
  ...possessionVariables,
  CPF_HASH_KEY: commonVariables.CPF_HASH_KEY,
  AUDIT_URL: commonVariables.AUDIT_URL,
  AUDIT_TIMEOUT_MILLIS: commonVariables.AUDIT_TIMEOUT_MILLIS,
};

/** A variable with a token that has this scope. */
export const tokenVariable = (scope: string) => z.string(`is required: a token with the scope ${scope}`).trim();

export interface TokenCommandSettings {
  readonly isDevelopment: boolean;
  readonly jwt: PossessionConfig & { readonly issuers: readonly IssuerConfig[] };
  readonly cpfHashKey: Uint8Array;
  readonly audit: AuditAccess;
}

export const tokenCommandSettings = (
  values: z.infer<z.ZodObject<typeof tokenCommandVariables>>,
): TokenCommandSettings => ({
  isDevelopment: values.PESSOA_ENV === 'development',
  jwt: { issuers: readIssuers(values), ...readPossession(values) },
  cpfHashKey: values.CPF_HASH_KEY,
  audit: { url: values.AUDIT_URL, timeoutMillis: values.AUDIT_TIMEOUT_MILLIS },
});

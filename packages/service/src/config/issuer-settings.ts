import { z } from 'zod';
import { type ClaimNames, standardClaimNames } from '../identity/claims.ts';
import type { SettingFault } from './environment.ts';
import { splitList } from './split-list.ts';
import { wholeNumber } from './whole-number.ts';

/** An issuer of tokens, and how its tokens are read. */
export interface IssuerConfig {
  /** For logs, readiness, and the ids of its clients. The issuer of `JWT_ISSUER` is `principal`. */
  readonly name: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** http, https or file. */
  readonly jwksUrl: URL;
  readonly maxLifetimeSeconds: number;
  readonly types: readonly string[];
  readonly claims: ClaimNames;
}

/** The name of the issuer of `JWT_ISSUER`. */
export const PRINCIPAL = 'principal';

const LIFETIME_MAX_SECONDS = 86_400;
const DEFAULT_LIFETIME_SECONDS = 900;
const DEFAULT_TYPES = ['at+jwt', 'JWT', 'absent'];
const NOT_A_KEY_SET = 'is not an http(s) or file URL';

const jwksUrl = z.url({ protocol: /^(https?|file)$/, error: NOT_A_KEY_SET });
const isClaimName = (name: string): boolean => /^[\w:/.-]{1,100}$/.test(name);
const isType = (type: string): boolean => /^[\w.+/-]{1,100}$/.test(type);

/** A list separated by commas that is not empty. */
const list = (isItem: (item: string) => boolean, fault: string) =>
  z
    .string()
    .transform(splitList)
    .refine((items) => items.length > 0 && items.every(isItem), fault);

/** A list of claim names, separated by commas. */
const claimNames = (defaultNames: readonly string[]) =>
  list(isClaimName, 'is not a list of names of claims').prefault(defaultNames.join(','));

/** A list in JSON that is not empty. */
const jsonList = (isItem: (item: string) => boolean, fault: string) =>
  z.array(z.string(fault).refine(isItem, fault), fault).min(1, fault);

const ISSUER_NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NOT_A_LIFETIME = `is not a whole number of seconds, 1 to ${LIFETIME_MAX_SECONDS}`;
const NOT_CLAIMS = 'is not a list of names of claims';

const furtherIssuer = z.strictObject(
  {
    name: z
      .string('is required')
      .refine(
        (name) => ISSUER_NAME.test(name) && name !== PRINCIPAL,
        `is not 1 to 32 characters of a-z, 0-9 and -, or is ${PRINCIPAL}`,
      ),
    issuer: z.string('is required').min(1, 'is required'),
    audiences: jsonList((audience) => audience !== '', 'is not a list of audiences'),
    jwksUrl,
    maxLifetimeSeconds: z
      .int(NOT_A_LIFETIME)
      .min(1, NOT_A_LIFETIME)
      .max(LIFETIME_MAX_SECONDS, NOT_A_LIFETIME)
      .default(DEFAULT_LIFETIME_SECONDS),
    types: jsonList(isType, 'is not a list of types').default(DEFAULT_TYPES),
    scopeClaims: jsonList(isClaimName, NOT_CLAIMS).default([...standardClaimNames.scope]),
    scopePrefix: z.string('is not a text').max(255, 'is too long').default(standardClaimNames.scopePrefix),
    clientClaims: jsonList(isClaimName, NOT_CLAIMS).default([...standardClaimNames.client]),
  },
  'is not an issuer, or has a member that an issuer does not have',
);

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

const furtherIssuers = z
  .array(furtherIssuer, 'is not a list')
  .max(100, 'has more than 100 issuers')
  .refine((issuers) => isUnique(issuers.map(({ name }) => name)), 'has two issuers with the same name')
  .refine((issuers) => isUnique(issuers.map(({ issuer }) => issuer)), 'has an issuer twice');

/** Describes every fault by its place in the list, without a value. */
const describeFaults = (issues: readonly z.core.$ZodIssue[]): string =>
  issues.map(({ path: [index, ...members], message }) => `${index === undefined ? '' : `[${String(index)}]${members.map((member) => `.${String(member)}`).join('')} `}${message}`).join('; '); // prettier-ignore

/** A list of further issuers, in JSON. */
const issuerList = z.string().transform((text, context): IssuerConfig[] => {
  const fault = (message: string): never => {
    context.addIssue(message);
    return z.NEVER;
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fault('is not JSON');
  }
  const { data, error } = furtherIssuers.safeParse(json);
  if (error) return fault(describeFaults(error.issues));
  return data.map(({ jwksUrl, scopeClaims, scopePrefix, clientClaims, ...issuer }) => ({
    ...issuer,
    jwksUrl: new URL(jwksUrl),
    claims: { scope: scopeClaims, scopePrefix, client: clientClaims },
  }));
});

/** The variables of the issuers whose tokens are accepted. */
export const issuerVariables = {
  JWT_JWKS_URL: jwksUrl,
  JWT_ISSUER: z.string('is required'),
  /** A list: `aud` must be, or must contain, one of them. */
  JWT_AUDIENCE: z
    .string('is required')
    .transform(splitList)
    .refine((audiences) => audiences.length > 0, 'is required'),
  /** The most seconds from `iat` to `exp` of a token. */
  JWT_MAX_LIFETIME_SECONDS: wholeNumber(1, LIFETIME_MAX_SECONDS, 'a whole number of seconds').default(
    DEFAULT_LIFETIME_SECONDS,
  ),
  /** The accepted types (`typ`) of a token; `absent` accepts a token without a type. */
  JWT_TYPES: list(isType, 'is not a list of types').prefault(DEFAULT_TYPES.join(',')),
  /** Claims that hold the scopes. */
  JWT_SCOPE_CLAIMS: claimNames(standardClaimNames.scope),
  /** The prefix of our scopes at this issuer. */
  JWT_SCOPE_PREFIX: z.string().max(255).default(standardClaimNames.scopePrefix),
  /** Claims that name the client. */
  JWT_CLIENT_CLAIMS: claimNames(standardClaimNames.client),
  /** Issuers beside that of JWT_ISSUER. */
  JWT_FURTHER_ISSUERS: issuerList.prefault('[]'),
};

/** @param values as `readEnvironment` gives them */
export const readIssuers = (values: z.infer<z.ZodObject<typeof issuerVariables>>): readonly IssuerConfig[] => [
  {
    name: PRINCIPAL,
    issuer: values.JWT_ISSUER,
    audiences: values.JWT_AUDIENCE,
    jwksUrl: new URL(values.JWT_JWKS_URL),
    maxLifetimeSeconds: values.JWT_MAX_LIFETIME_SECONDS,
    types: values.JWT_TYPES,
    claims: {
      scope: values.JWT_SCOPE_CLAIMS,
      scopePrefix: values.JWT_SCOPE_PREFIX,
      client: values.JWT_CLIENT_CLAIMS,
    },
  },
  ...values.JWT_FURTHER_ISSUERS,
];

/** Finds an issuer that is given twice. */
export const issuerFaults = (set: Readonly<Record<string, string | undefined>>): SettingFault[] =>
  furtherIssuersIn(set['JWT_FURTHER_ISSUERS']).some(({ issuer }) => issuer === set['JWT_ISSUER'])
    ? [{ name: 'JWT_FURTHER_ISSUERS', message: 'has the issuer of JWT_ISSUER again' }]
    : [];

/** The further issuers of a variable that may be wrong: none if it is. */
export const furtherIssuersIn = (text: string | undefined): readonly IssuerConfig[] =>
  issuerList.safeParse(text).data ?? [];

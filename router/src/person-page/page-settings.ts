import { escopos } from '@pessoa/domain/motivo';
import type { SettingFault } from '@pessoa/service/config/environment';
import { furtherIssuersIn } from '@pessoa/service/config/issuer-settings';
import { z } from 'zod';

/** An origin has a scheme and a host, as a browser writes them, and no path. */
export const isOrigin = (value: string): boolean => URL.parse(value)?.origin === value && /^https?:/.test(value);

/** Commands need them and no field does; the number of a contract stays masked. */
const NOT_ASKED_FOR: readonly string[] = [
  'score:extracao',
  'auditoria:read',
  'auditoria:eliminacao',
  'auditoria:sigilo',
  'divida:read:completo',
];
const DEFAULT_SCOPES = `openid ${escopos.filter((scope) => !NOT_ASKED_FOR.includes(scope)).join(' ')}`;

/** Parameters that the sign-in sets itself. */
const OWN_PARAMETERS = new Set([
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/** Names are not percent-encoded, so that none of our own hides in another spelling. */
const isFurtherParameter = (pair: string): boolean => {
  const name = pair.split('=', 1)[0]!;
  return pair.includes('=') && /^[\w.-]+$/.test(name) && !OWN_PARAMETERS.has(name);
};

const isFurtherParameters = (text: string): boolean =>
  text === '' || (!/[?\s]/.test(text) && text.split('&').every(isFurtherParameter));

/** The variables of the person's page. */
export const personPageVariables = {
  /** The OpenID Connect issuer at which users of the page sign in. Its tokens must be accepted: JWT_ISSUER, or a further one. */
  OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' }).optional(),
  OIDC_CLIENT_ID: z.string().min(1).max(255).optional(),
  /** Absent for a public client. PKCE is used in both cases. */
  OIDC_CLIENT_SECRET: z.string().min(1).max(1_000).optional(),
  /** The scopes that the page asks for, separated by spaces. */
  OIDC_SCOPES: z.string().regex(/^openid(?: [\x21\x23-\x5b\x5d-\x7e]{1,255}){0,50}$/, 'is not a list of scopes that begins with openid').default(DEFAULT_SCOPES), // prettier-ignore
  /** What an issuer needs to make a token for this API, as a query: `resource=…` (RFC 8707), or `audience=…` at Auth0. */
  OIDC_PARAMETERS: z
    .string()
    .refine(isFurtherParameters, 'is not a query, or has a parameter that the sign-in sets itself')
    .default(''),
  /** The origin under which browsers reach the page. */
  PERSON_PAGE_ORIGIN: z.string().refine(isOrigin, 'is not an origin').optional(),
};

/** Where users of the page sign in, and what it asks for. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly scopes: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The origin of the page, such as `https://consulta.example`. */
  readonly origin: string;
}

type Values = z.infer<z.ZodObject<typeof personPageVariables>>;

/** @returns undefined without an issuer */
export function readOidc(values: Values): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, PERSON_PAGE_ORIGIN: origin } = values;
  if (issuer === undefined || clientId === undefined || origin === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret: values.OIDC_CLIENT_SECRET,
    scopes: values.OIDC_SCOPES,
    parameters: Object.fromEntries(new URLSearchParams(values.OIDC_PARAMETERS)),
    origin,
  };
}

/** Finds an issuer without its client or the page's origin, either of these without an issuer, and an issuer whose tokens are refused. */
export function personPageFaults(set: Readonly<Record<string, string | undefined>>): SettingFault[] {
  const issuer = set['OIDC_ISSUER'];
  if (issuer === undefined) {
    return ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PERSON_PAGE_ORIGIN']
      .filter((name) => set[name] !== undefined)
      .map((name) => ({ name, message: 'has no use without OIDC_ISSUER' }));
  }
  const missing = ['OIDC_CLIENT_ID', 'PERSON_PAGE_ORIGIN']
    .filter((name) => set[name] === undefined)
    .map((name) => ({ name, message: 'is required with OIDC_ISSUER' }));
  const accepted = [
    set['JWT_ISSUER'],
    ...furtherIssuersIn(set['JWT_FURTHER_ISSUERS']).map((further) => further.issuer),
  ];
  return accepted.includes(issuer)
    ? missing
    : [...missing, { name: 'OIDC_ISSUER', message: 'is neither JWT_ISSUER nor in JWT_FURTHER_ISSUERS: its tokens would be refused' }]; // prettier-ignore
}

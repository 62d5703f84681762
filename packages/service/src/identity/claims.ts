import type { Cpf } from '@pessoa/domain/cpf';
import { readCpf } from '@pessoa/domain/cpf';
import { type Data, dayInSaoPaulo, readData } from '@pessoa/domain/data';
import { readNumeroProcesso } from '@pessoa/domain/processo';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import { z } from 'zod';
import type { Consentimento, Identity } from './viewer.ts';

/** The claims that hold scopes and client, because issuers use different names for them. */
export interface ClaimNames {
  /** Claims that hold the scopes, as a text separated by spaces or as a list. */
  readonly scope: readonly string[];
  /** The prefix of our scopes at this issuer. Scopes without it belong to other APIs and are dropped. Empty: no prefix. */
  readonly scopePrefix: string;
  /** Claims that name the client. */
  readonly client: readonly string[];
}

export const standardClaimNames: ClaimNames = {
  scope: ['scope', 'scp'],
  scopePrefix: '',
  client: ['client_id', 'azp', 'cid', 'appid'],
};

const CONSENTS_MAX = 100;
const SCOPES_MAX = 500;
const NAME_MAX = 255;

/** Excludes control, format, private and unassigned characters, lone surrogates and line separators. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;
const name = z
  .string()
  .max(NAME_MAX)
  .refine((text) => PRINTABLE.test(text) && text.trim() === text);

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;
const scopes = z
  .union([z.string().transform((text) => text.split(' ').filter((scope) => scope !== '')), z.array(z.string())])
  .refine((list) => list.length <= SCOPES_MAX && list.every((scope) => SCOPE.test(scope)));

/** The range of the last day of a consent. A day in another century is a mistake. */
const [FIRST_DAY, LAST_DAY] = ['2000-01-01', '2099-12-31'];
const LAST_SECOND = Date.parse('2100-01-02T00:00:00Z') / 1_000;

/** A day, or a NumericDate (RFC 7519), which is read as its day in São Paulo. */
const day = z
  .union([z.string(), z.number().int().min(0).max(LAST_SECOND)])
  .transform((value) => (typeof value === 'string' ? readData(value) : dayInSaoPaulo(new Date(value * 1_000))))
  .refine((data): data is Data => data !== undefined && data >= FIRST_DAY! && data <= LAST_DAY!);

const cpf = z.string().transform(readCpf).refine((value): value is Cpf => value !== undefined); // prettier-ignore
const consent = z.object({ id: name, cpf, ate: day });

/** Eleven digits, grouped as a CPF by whichever marks a reference may have, and no digit beside them. */
const ELEVEN_DIGITS = /(?<!\d)\d{3}[._-]?\d{3}[._-]?\d{3}[._-]?\d{2}(?!\d)/g;

/** Whoever names a person in place of an investigation would put the CPF into the audit. */
const sealReference = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .refine(
    (text) => !(text.match(ELEVEN_DIGITS) ?? []).some((digits) => readCpf(digits.replaceAll(/\D/g, '')) !== undefined),
  );
/** Strict: a member that we do not know could narrow the seal. */
const seal = z.strictObject({ referencia: sealReference, ate: day });

const schema = z.object({
  sub: name,
  jti: name.optional(),
  finalidade: z.string().max(NAME_MAX).optional(),
  cpf: cpf.optional(),
  consentimento: z
    .union([z.array(consent), consent.transform((single) => [single])])
    .refine((list) => list.length <= CONSENTS_MAX)
    .optional(),
  ordem_judicial: z.string().max(NAME_MAX).refine((text) => text === '' || PRINTABLE.test(text)).optional(), // prettier-ignore
  sigilo: seal.optional(),
});

type Claims = Readonly<Record<string, unknown>>;

/**
 * Makes a function that reads the claims of a verified token.
 *
 * When a token has several of the configured claims for the same thing, they must agree: we cannot know which one the
 * issuer meant, and the client is stored in the audit.
 *
 * The function throws InvalidTokenError with the name of the claim that is missing, malformed or contradicted.
 */
export const identityReader =
  (names: ClaimNames) =>
  (claims: Claims): Identity => {
    const parsed = schema.safeParse(claims);
    if (!parsed.success) throw malformed(String(parsed.error.issues[0]?.path[0]));
    const { sub, finalidade, cpf: titular, consentimento = [], ordem_judicial, sigilo } = parsed.data;
    return {
      sujeito: sub,
      clientId: readClient(claims, names.client),
      scopes: readScopes(claims, names),
      finalidade,
      titular,
      consentimentos: longestConsents(consentimento),
      // A text that is not the number of a lawsuit is no court order, but the token stays valid.
      ordemJudicial: readNumeroProcesso(ordem_judicial),
      sigilo,
    };
  };

const malformed = (claim: string): InvalidTokenError =>
  new InvalidTokenError(`the claim ${claim} is missing or malformed`);

function readClient(claims: Claims, names: readonly string[]): string {
  const claimNames = presentClaims(claims, names);
  const [firstName = names[0]!] = claimNames;
  const clients = claimNames.map((claim) => {
    const client = name.safeParse(claims[claim]);
    if (!client.success) throw malformed(claim);
    return client.data;
  });
  const [client] = clients;
  if (client === undefined) throw malformed(firstName);
  assertSame(claimNames, clients);
  return client;
}

/** A token without any of the claims has no scopes. */
function readScopes(claims: Claims, { scope: names, scopePrefix }: ClaimNames): ReadonlySet<string> {
  const claimNames = presentClaims(claims, names);
  const lists = claimNames.map((claim) => {
    const list = scopes.safeParse(claims[claim]);
    if (!list.success) throw malformed(claim);
    return [...new Set(list.data)];
  });
  assertSame(claimNames, lists.map((list) => list.toSorted().join(' '))); // prettier-ignore
  const ourScopes = (lists[0] ?? []).filter((scope) => scope.startsWith(scopePrefix));
  return new Set(ourScopes.map((scope) => scope.slice(scopePrefix.length)));
}

const presentClaims = (claims: Claims, names: readonly string[]): string[] =>
  names.filter((claim) => Object.hasOwn(claims, claim));

function assertSame(names: readonly string[], values: readonly string[]): void {
  const index = values.findIndex((value) => value !== values[0]);
  if (index > 0) throw new InvalidTokenError(`the claims ${names[0]} and ${names[index]} contradict each other`);
}

/** For each CPF the consent that ends last. */
function longestConsents(consents: readonly Consentimento[]): ReadonlyMap<Cpf, Consentimento> {
  const longest = new Map<Cpf, Consentimento>();
  for (const candidate of consents) {
    const previous = longest.get(candidate.cpf);
    if (!previous || candidate.ate > previous.ate) longest.set(candidate.cpf, candidate);
  }
  return longest;
}

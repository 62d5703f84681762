import type { Cpf } from '@pessoa/domain/cpf';
import { readCpf } from '@pessoa/domain/cpf';
import { type Data, dayInSaoPaulo, readData } from '@pessoa/domain/data';
import { readNumeroProcesso } from '@pessoa/domain/processo';
import { InvalidTokenError } from 'graphql-jwt-guard';
import { z } from 'zod';
import type { Consentimento, Identity } from './viewer.ts';

/** Where the tokens of an issuer say what issuers say in different places. */
export interface ClaimNames {
  /** Claims that hold the scopes, as a text or a list. */
  readonly scope: readonly string[];
  /** What every scope of ours begins with at this issuer; scopes without it are of others. Empty: nothing. */
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

/** Without control, format, private and unassigned characters, half a surrogate pair, or white space at an end. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;
const name = z
  .string()
  .max(NAME_MAX)
  .refine((text) => PRINTABLE.test(text) && text.trim() === text);

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;
const scopes = z
  .union([z.string().transform((text) => text.split(' ').filter((one) => one !== '')), z.array(z.string())])
  .refine((list) => list.length <= SCOPES_MAX && list.every((one) => SCOPE.test(one)));

/** A permission that ends in another century is a mistake, or no permission. */
const [FIRST_DAY, LAST_DAY] = ['2000-01-01', '2099-12-31'];
const LAST_SECOND = Date.parse('2100-01-02T00:00:00Z') / 1_000;

/** A day, or the NumericDate (RFC 7519) of an instant in it. */
const day = z
  .union([z.string(), z.number().int().min(0).max(LAST_SECOND)])
  .transform((value) => (typeof value === 'string' ? readData(value) : dayInSaoPaulo(new Date(value * 1_000))))
  .refine((read): read is Data => read !== undefined && read >= FIRST_DAY! && read <= LAST_DAY!);

const cpf = z.string().transform(readCpf).refine((read): read is Cpf => read !== undefined); // prettier-ignore
const consent = z.object({ id: name, cpf, ate: day });

const schema = z.object({
  sub: name,
  jti: name.optional(),
  finalidade: z.string().max(NAME_MAX).optional(),
  cpf: cpf.optional(),
  consentimento: z
    .union([z.array(consent), consent.transform((one) => [one])])
    .refine((list) => list.length <= CONSENTS_MAX)
    .optional(),
  ordem_judicial: z.string().max(NAME_MAX).refine((text) => text === '' || PRINTABLE.test(text)).optional(), // prettier-ignore
});

type Claims = Readonly<Record<string, unknown>>;

/**
 * Reads the claims of a verified token.
 *
 * Where several of the configured claims are there they must say the same: which of them an issuer meant we cannot know,
 * and the client's name goes into the audit.
 *
 * @throws InvalidTokenError with the name of the claim that is missing, malformed or contradicted
 */
export const identityReader =
  (names: ClaimNames) =>
  (claims: Claims): Identity => {
    const parsed = schema.safeParse(claims);
    if (!parsed.success) throw malformed(String(parsed.error.issues[0]?.path[0]));
    const { sub, finalidade, cpf: titular, consentimento = [], ordem_judicial } = parsed.data;
    return {
      sujeito: sub,
      clientId: readClient(claims, names.client),
      scopes: readScopes(claims, names),
      finalidade,
      titular,
      consentimentos: latestOfEach(consentimento),
      // One that is none grants nothing.
      ordemJudicial: readNumeroProcesso(ordem_judicial),
    };
  };

const malformed = (claim: string): InvalidTokenError =>
  new InvalidTokenError(`the claim ${claim} is missing or malformed`);

function readClient(claims: Claims, names: readonly string[]): string {
  const given = present(claims, names);
  const [first = names[0]!] = given;
  const clients = given.map((claim) => {
    const client = name.safeParse(claims[claim]);
    if (!client.success) throw malformed(claim);
    return client.data;
  });
  const [client] = clients;
  if (client === undefined) throw malformed(first);
  assertSame(given, clients);
  return client;
}

/** None at all is a token without scopes, which may open nothing but introspection. */
function readScopes(claims: Claims, { scope: names, scopePrefix }: ClaimNames): ReadonlySet<string> {
  const given = present(claims, names);
  const lists = given.map((claim) => {
    const list = scopes.safeParse(claims[claim]);
    if (!list.success) throw malformed(claim);
    return [...new Set(list.data)];
  });
  assertSame(given, lists.map((list) => list.toSorted().join(' '))); // prettier-ignore
  const ours = (lists[0] ?? []).filter((one) => one.startsWith(scopePrefix));
  return new Set(ours.map((one) => one.slice(scopePrefix.length)));
}

const present = (claims: Claims, names: readonly string[]): string[] =>
  names.filter((claim) => Object.hasOwn(claims, claim));

function assertSame(names: readonly string[], values: readonly string[]): void {
  const other = values.findIndex((value) => value !== values[0]);
  if (other > 0) throw new InvalidTokenError(`the claims ${names[0]} and ${names[other]} contradict each other`);
}

function latestOfEach(consents: readonly Consentimento[]): ReadonlyMap<Cpf, Consentimento> {
  const latest = new Map<Cpf, Consentimento>();
  for (const one of consents) {
    const known = latest.get(one.cpf);
    if (!known || one.ate > known.ate) latest.set(one.cpf, one);
  }
  return latest;
}

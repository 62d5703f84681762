import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@pessoa/domain/data';
import type { Finalidade } from '@pessoa/domain/finalidade';
import { escopos } from '@pessoa/domain/motivo';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import { readJsonFile, writeAtomically } from '../processes/atomic-file.ts';

/** The id of a key made on a developer's machine begins with this. Production refuses such keys. */
export const DEVELOPMENT_KEY_PREFIX = 'desenvolvimento-';
const ALGORITHM = 'ES256';

export const developmentIssuer = 'https://desenvolvimento.pessoa.invalid';
export const developmentAudience = 'pessoa';
/** The name of the log of the audit in its checkpoints. */
export const developmentLogName = 'desenvolvimento.pessoa.invalid/auditoria';
/** Development tokens live 12 h. */
export const DEVELOPMENT_TOKEN_SECONDS = 12 * 60 * 60;

/** The default scopes of a development token. */
export const allScopes = escopos.join(' ');

/** The secrets of a development system. The first start makes them and stores them in the data folder. */
export interface DevelopmentKeys {
  readonly privateJwk: JWK;
  readonly jwksFile: string;
  /** base64url, 32 bytes each. */
  readonly cpfHashKey: string;
  readonly internalKey: string;
  /** Signs the checkpoints of the audit. */
  readonly auditorKey: string;
  /** Makes the indices of people in the map of the audit. */
  readonly auditorVrfKey: string;
}

const nonEmpty = z.string().min(1);
const key = z.string().regex(/^[\w-]{43}$/);
const secrets = z.object({
  privateJwk: z.object({
    kty: nonEmpty,
    x: nonEmpty,
    y: nonEmpty,
    crv: nonEmpty,
    d: nonEmpty,
    kid: nonEmpty,
    alg: nonEmpty,
  }),
  cpfHashKey: key,
  internalKey: key,
});
const REMEDY =
  'if you remove it, the next start makes new keys; older tokens are then refused, and older rows of the audit match nobody';

/**
 * Reads the secrets of a development system, and makes them if there are none.
 *
 * @param home the data folder
 * @throws Error when the stored secrets are unreadable
 */
export async function ensureDevelopmentKeys(home: string): Promise<DevelopmentKeys> {
  const folder = join(home, 'keys');
  const jwksFile = join(folder, 'jwks.json');
  const secretsFile = join(folder, 'secrets.json');
  const storedSecrets = await readJsonFile(secretsFile, secrets, REMEDY);
  if (storedSecrets) {
    await writeJwks(jwksFile, storedSecrets.privateJwk).catch(ignoreReadOnlyFolder);
    return { ...storedSecrets, jwksFile, ...auditorKeysOf(storedSecrets) };
  }

  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const kid = `${DEVELOPMENT_KEY_PREFIX}${randomUUID()}`;
  const newSecrets = {
    privateJwk: { ...(await exportJWK(privateKey)), kid, alg: ALGORITHM },
    cpfHashKey: randomBytes(32).toString('base64url'),
    internalKey: randomBytes(32).toString('base64url'),
  };
  await mkdir(home, { recursive: true }); // not 0700: PostgreSQL may run as another user, when we run as root
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeAtomically(secretsFile, JSON.stringify(newSecrets), { mode: 0o600 });
  await writeJwks(jwksFile, newSecrets.privateJwk);
  return { ...newSecrets, jwksFile, ...auditorKeysOf(newSecrets) };
}

/** A data folder of an older version has no keys for the log. Made from another secret, they are the same at each start. */
function auditorKeysOf({
  internalKey,
}: {
  internalKey: string;
}): Pick<DevelopmentKeys, 'auditorKey' | 'auditorVrfKey'> {
  const keyFor = (use: string): string => createHmac('sha256', internalKey).update(use).digest('base64url');
  return { auditorKey: keyFor('auditor'), auditorVrfKey: keyFor('auditor vrf') };
}

/** Writes the key set of the public key, unless the file has it already. */
async function writeJwks(file: string, { d: _, ...publicJwk }: JWK): Promise<void> {
  const jwks = JSON.stringify({ keys: [{ ...publicJwk, use: 'sig' }] });
  const storedJwks = await readFile(file, 'utf8').catch(() => undefined);
  if (storedJwks !== jwks) await writeAtomically(file, jwks);
}

/** A process that only makes tokens may have the secrets in a read-only folder. */
function ignoreReadOnlyFolder(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EROFS') throw error;
}

/** A holder's permission for one CPF. */
export interface Consent {
  readonly cpf: string;
  /** The last day of the consent, `AAAA-MM-DD`. */
  readonly ate: string;
}

export interface TokenRequest {
  readonly scope?: string | undefined;
  /** Null leaves the claim out. Default: CONSULTA_DO_TITULAR with `cpf`, otherwise CONCESSAO_CREDITO. */
  readonly finalidade?: Finalidade | null | undefined;
  /** Makes the token that of this holder. */
  readonly cpf?: string | undefined;
  /** The consents in the token. A CPF alone is a consent valid for a year. */
  readonly consentimento?: readonly (string | Consent)[] | undefined;
  readonly clientId?: string | undefined;
  readonly subject?: string | undefined;
  readonly audience?: string | undefined;
  /** Default: `DEVELOPMENT_TOKEN_SECONDS`. A negative value makes an expired token. */
  readonly ttlSeconds?: number | undefined;
  readonly ordemJudicial?: string | undefined;
  /** The seal of what the token reads: the reference, and the last day `AAAA-MM-DD`. */
  readonly sigilo?: { readonly referencia: string; readonly ate: string } | undefined;
  /** The claim `cnf` (RFC 7800): the key that the sender must hold. Default: none. */
  readonly cnf?: { readonly jkt?: string; readonly 'x5t#S256'?: string } | undefined;
}

/** Signs a development token. */
export async function mintToken(privateJwk: JWK, request: TokenRequest = {}): Promise<string> {
  const now = Math.floor(systemClock.now().getTime() / 1_000);
  const ttl = request.ttlSeconds ?? DEVELOPMENT_TOKEN_SECONDS;
  const issuedAt = ttl < 0 ? now + 2 * ttl : now;
  const oneYearAhead = new Date((now + 365 * 86_400) * 1_000).toISOString().slice(0, 10);
  const consents = request.consentimento?.map((consent, index) => ({
    id: `consentimento-${index + 1}`,
    ...(typeof consent === 'string' ? { cpf: consent, ate: oneYearAhead } : consent),
  }));
  const claims = {
    client_id: request.clientId ?? 'desenvolvimento',
    scope: request.scope ?? allScopes,
    ...(request.finalidade !== null && {
      finalidade: request.finalidade ?? (request.cpf ? 'CONSULTA_DO_TITULAR' : 'CONCESSAO_CREDITO'),
    }),
    ...(request.cpf !== undefined && { cpf: request.cpf }),
    ...(consents?.length && { consentimento: consents.length === 1 ? consents[0] : consents }),
    ...(request.ordemJudicial !== undefined && { ordem_judicial: request.ordemJudicial }),
    ...(request.sigilo !== undefined && { sigilo: request.sigilo }),
    ...(request.cnf !== undefined && { cnf: request.cnf }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, kid: privateJwk.kid!, typ: 'at+jwt' })
    .setIssuer(developmentIssuer)
    .setAudience(request.audience ?? developmentAudience)
    .setSubject(request.subject ?? 'pessoa-de-desenvolvimento')
    .setIssuedAt(issuedAt)
    .setExpirationTime(now + ttl)
    .sign(await importJWK(privateJwk, ALGORITHM));
}

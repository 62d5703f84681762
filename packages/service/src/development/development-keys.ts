import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@pessoa/domain/data';
import type { Finalidade } from '@pessoa/domain/finalidade';
import { escopos } from '@pessoa/domain/motivo';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import { readWhole, writeWhole } from '../processes/kept-file.ts';

/** Keys whose id begins so are made on a developer's machine; production refuses them. */
export const DEVELOPMENT_KEY_PREFIX = 'desenvolvimento-';
const ALGORITHM = 'ES256';

export const developmentIssuer = 'https://desenvolvimento.pessoa.invalid';
export const developmentAudience = 'pessoa';
/** Development tokens live 12 h. */
export const DEVELOPMENT_TOKEN_SECONDS = 12 * 60 * 60;

/** What a development token has unless told otherwise. */
export const everyScope = escopos.join(' ');

/** Secrets of a development system, made on its first start and kept in its data folder. */
export interface DevelopmentKeys {
  readonly privateJwk: JWK;
  readonly jwksFile: string;
  /** base64url, 32 bytes each. */
  readonly cpfHashKey: string;
  readonly internalKey: string;
}

const text = z.string().min(1);
const key = z.string().regex(/^[\w-]{43}$/);
const secrets = z.object({
  privateJwk: z.object({ kty: text, x: text, y: text, crv: text, d: text, kid: text, alg: text }),
  cpfHashKey: key,
  internalKey: key,
});
const SPOILT =
  'remove it and new keys are made, with which tokens made before are refused and the audit knows nobody it has written down';

export async function ensureDevelopmentKeys(home: string): Promise<DevelopmentKeys> {
  const folder = join(home, 'keys');
  const jwksFile = join(folder, 'jwks.json');
  const secretsFile = join(folder, 'secrets.json');
  const kept = await readWhole(secretsFile, secrets, SPOILT);
  if (kept) {
    await keepJwks(jwksFile, kept.privateJwk).catch(unlessReadOnly);
    return { ...kept, jwksFile };
  }

  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const kid = `${DEVELOPMENT_KEY_PREFIX}${randomUUID()}`;
  const made = {
    privateJwk: { ...(await exportJWK(privateKey)), kid, alg: ALGORITHM },
    cpfHashKey: randomBytes(32).toString('base64url'),
    internalKey: randomBytes(32).toString('base64url'),
  };
  await mkdir(home, { recursive: true }); // open to PostgreSQL's user, when root hands over to one
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(secretsFile, JSON.stringify(made), { mode: 0o600 });
  await keepJwks(jwksFile, made.privateJwk);
  return { ...made, jwksFile };
}

/** Follows from the private key: written where it is missing or is anything else. */
async function keepJwks(file: string, { d: _, ...publicJwk }: JWK): Promise<void> {
  const jwks = JSON.stringify({ keys: [{ ...publicJwk, use: 'sig' }] });
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== jwks) await writeWhole(file, jwks);
}

/** Whoever only makes tokens may be given the secrets alone, in a folder that nobody may write. */
function unlessReadOnly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EROFS') throw error;
}

/** A holder's permission for one CPF. */
export interface Consent {
  readonly cpf: string;
  /** Its last day, `AAAA-MM-DD`. */
  readonly ate: string;
}

export interface TokenRequest {
  readonly scope?: string | undefined;
  /** null leaves the claim out. */
  readonly finalidade?: Finalidade | null | undefined;
  /** Makes it this person's own token. */
  readonly cpf?: string | undefined;
  /** Whose consent the token carries; of a CPF alone it is valid for a year. */
  readonly consentimento?: readonly (string | Consent)[] | undefined;
  readonly clientId?: string | undefined;
  readonly subject?: string | undefined;
  readonly audience?: string | undefined;
  /** Negative: already expired. */
  readonly ttlSeconds?: number | undefined;
  readonly ordemJudicial?: string | undefined;
}

/** Signs a development token. */
export async function mintToken(privateJwk: JWK, request: TokenRequest = {}): Promise<string> {
  const now = Math.floor(systemClock.now().getTime() / 1_000);
  const ttl = request.ttlSeconds ?? DEVELOPMENT_TOKEN_SECONDS;
  const issuedAt = ttl < 0 ? now + 2 * ttl : now;
  const inAYear = new Date((now + 365 * 86_400) * 1_000).toISOString().slice(0, 10);
  const consents = request.consentimento?.map((one, index) => ({
    id: `consentimento-${index + 1}`,
    ...(typeof one === 'string' ? { cpf: one, ate: inAYear } : one),
  }));
  const claims = {
    client_id: request.clientId ?? 'desenvolvimento',
    scope: request.scope ?? everyScope,
    ...(request.finalidade !== null && {
      finalidade: request.finalidade ?? (request.cpf ? 'CONSULTA_DO_TITULAR' : 'CONCESSAO_CREDITO'),
    }),
    ...(request.cpf !== undefined && { cpf: request.cpf }),
    ...(consents?.length && { consentimento: consents.length === 1 ? consents[0] : consents }),
    ...(request.ordemJudicial !== undefined && { ordem_judicial: request.ordemJudicial }),
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

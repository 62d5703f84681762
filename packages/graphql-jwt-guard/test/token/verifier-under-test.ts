import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTokenVerifier,
  InvalidTokenError,
  type TokenVerifier,
  type TokenVerifierOptions,
  type TrustedIssuer,
} from '../../src/index.ts';
import { AUDIENCE, ISSUER, NOW } from './signer.ts';

export interface Viewer {
  readonly sub: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'jwt-guard-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The clock of every verifier, in milliseconds. It is `NOW` at the start of each test. */
export const clock = { now: 0 };
beforeEach(() => {
  clock.now = NOW * 1_000;
});

let files = 0;

/** Options of a verifier with one issuer. */
export type Options = Partial<TokenVerifierOptions<Viewer> & TrustedIssuer>;

/** Creates a verifier of one issuer, with a JWKS file of these keys. */
export function verifierOf(keys: readonly unknown[], options: Options = {}): TokenVerifier<Viewer> {
  const file = join(folder, `jwks-${files++}.json`);
  writeFileSync(file, JSON.stringify({ keys }));
  return createTokenVerifier<Viewer>({
    issuers: [{ jwks: { file }, issuer: ISSUER, audiences: [AUDIENCE], ...options }],
    clock: () => clock.now,
    toViewer: ({ sub }) => ({ sub }),
    ...options,
  });
}

/** Gives the reason for a refusal. Rejects if the verifier accepts the token. */
export async function refusalOf(verifier: TokenVerifier<Viewer>, header: string | undefined): Promise<string> {
  const error: unknown = await verifier.verify(header).then(
    () => new Error('the token was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof InvalidTokenError) return error.reason;
  throw error;
}

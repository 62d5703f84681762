import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTokenVerifier,
  InvalidTokenError,
  type TokenVerifier,
  type TokenVerifierOptions,
} from '../../src/index.ts';
import { AUDIENCE, ISSUER, NOW } from './signer.ts';

export interface Viewer {
  readonly sub: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'jwt-guard-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The time of every verifier, in milliseconds; back at `NOW` before each test. */
export const clock = { now: 0 };
beforeEach(() => {
  clock.now = NOW * 1_000;
});

let files = 0;

/** A verifier of a JWKS file that holds these keys. */
export function verifierOf(
  keys: readonly unknown[],
  options: Partial<TokenVerifierOptions<Viewer>> = {},
): TokenVerifier<Viewer> {
  const file = join(folder, `jwks-${files++}.json`);
  writeFileSync(file, JSON.stringify({ keys }));
  return createTokenVerifier<Viewer>({
    jwks: { file },
    issuer: ISSUER,
    audience: AUDIENCE,
    clock: () => clock.now,
    toViewer: ({ sub }) => ({ sub }),
    ...options,
  });
}

/** The reason of the refusal; fails when the token is accepted. */
export async function refusalOf(verifier: TokenVerifier<Viewer>, header: string | undefined): Promise<string> {
  const fault: unknown = await verifier.verify(header).then(
    () => new Error('the token was accepted'),
    (error: unknown) => error,
  );
  if (fault instanceof InvalidTokenError) return fault.reason;
  throw fault;
}

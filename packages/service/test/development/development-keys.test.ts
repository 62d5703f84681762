import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import { commonConfig, commonVariables, readEnvironment } from '../../src/config/environment.ts';
import { ensureDevelopmentKeys, mintToken } from '../../src/development/development-keys.ts';
import { createIdentityVerifier } from '../../src/identity/verifier.ts';

describe('A key made on a developer’s machine', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'pessoa-keys-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  async function verifierIn(environment: 'development' | 'production') {
    const keys = await ensureDevelopmentKeys(home);
    const env = {
      PESSOA_ENV: environment,
      JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
      JWT_ISSUER: 'https://desenvolvimento.pessoa.invalid',
      JWT_AUDIENCE: 'pessoa',
      CPF_HASH_KEY: keys.cpfHashKey,
      INTERNAL_KEY: keys.internalKey,
      AUDIT_URL: 'postgresql://writer@127.0.0.1:1/auditoria',
    };
    const verifier = createIdentityVerifier(commonConfig(readEnvironment('test', commonVariables, env)));
    return { verifier, authorization: `Bearer ${await mintToken(keys.privateJwk, { ttlSeconds: 600 })}` };
  }

  it('signs tokens that development accepts', async () => {
    const { verifier, authorization } = await verifierIn('development');
    await expect(verifier.verify(authorization)).resolves.toMatchObject({ clientId: 'desenvolvimento' });
  });

  it('signs no tokens that production accepts, even if the key set has the key', async () => {
    const { verifier, authorization } = await verifierIn('production');
    await expect(verifier.verify(authorization)).rejects.toThrow(InvalidTokenError);
  });

  it('is the same at the second start, and no other user can read it', async () => {
    expect((await ensureDevelopmentKeys(home)).privateJwk).toEqual((await ensureDevelopmentKeys(home)).privateJwk);
    expect((await stat(join(home, 'keys', 'secrets.json'))).mode & 0o077).toBe(0);
    expect((await stat(join(home, 'keys'))).mode & 0o077).toBe(0);
  });
});

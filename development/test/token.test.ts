import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { systemClock, today } from '@pessoa/domain/data';
import {
  developmentAudience,
  developmentIssuer,
  ensureDevelopmentKeys,
  allScopes,
} from '@pessoa/service/development/development-keys';
import { standardClaimNames } from '@pessoa/service/identity/claims';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { PRINCIPAL } from '@pessoa/service/config/issuer-settings';
import { liveConsent } from '@pessoa/service/identity/viewer';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { peopleToTry } from '../src/seed/people-to-try/people-to-try.ts';

const CPF = '52998224725';
const OTHER_CPF = '11144477735';
const HOURS_12 = 12 * 60 * 60;

let home: string;
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), 'pessoa-token-'))));
afterAll(() => rm(home, { recursive: true }));

function run(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const script = fileURLToPath(new URL('../src/token.ts', import.meta.url));
  const env = { ...bareEnvironment(), PESSOA_HOME: home };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/** Runs the command, which must print a token and nothing else. */
async function token(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  return stdout.trim();
}

const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
const claims = async (...args: string[]) => claimsOf(await token(...args));

/** Verifies a token as a service of a development system does. */
async function verify(bearer: string, options: { audience?: string; development?: boolean } = {}) {
  const { jwksFile } = await ensureDevelopmentKeys(home);
  const { audience = developmentAudience, development = true } = options;
  const rules = { maxLifetimeSeconds: HOURS_12, types: ['at+jwt'], claims: standardClaimNames };
  const issuer = {
    name: PRINCIPAL,
    jwksUrl: pathToFileURL(jwksFile),
    issuer: developmentIssuer,
    audiences: [audience],
  };
  const jwt = { issuers: [{ ...issuer, ...rules }], dpopUrls: [], certificateProxy: undefined };
  return createIdentityVerifier({ jwt, isDevelopment: development }).verify(`Bearer ${bearer}`);
}

describe('npm run token', () => {
  it('prints a token and nothing else; the token has every scope, a purpose and a life of twelve hours', async () => {
    const jwt = await token();
    const { exp, iat, ...otherClaims } = claimsOf(jwt);
    expect(Number(exp) - Number(iat)).toBe(HOURS_12);
    expect(Math.abs(Number(iat) - Date.now() / 1_000)).toBeLessThan(30);
    expect(otherClaims).toEqual({
      iss: developmentIssuer,
      aud: developmentAudience,
      sub: 'pessoa-de-desenvolvimento',
      client_id: 'desenvolvimento',
      scope: allScopes,
      finalidade: 'CONCESSAO_CREDITO',
      consentimento: expect.any(Array),
    });
    const identity = await verify(jwt);
    expect([...identity.scopes]).toEqual(allScopes.split(' '));
  });

  it('carries the consents of the people to try, one of them expired, and none with --cpf', async () => {
    const identity = await verify(await token());
    expect([...identity.consentimentos.keys()]).toEqual(peopleToTry.map(({ cpf }) => cpf));
    for (const { cpf, consentimento } of peopleToTry) {
      expect(liveConsent(identity as never, cpf, systemClock) !== undefined).toBe(consentimento === 'vigente');
    }
    expect((await verify(await token('--cpf', CPF))).consentimentos.size).toBe(0);
  });

  it('signs with the key in PESSOA_HOME, which is made once and only its owner may read', async () => {
    const [first, second] = [await token(), await token()];
    const kidOf = (jwt: string): unknown =>
      (JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
    expect(kidOf(first)).toBe(kidOf(second));
    expect(await readFile(join(home, 'keys/jwks.json'), 'utf8')).not.toContain('"d"');
    expect((await stat(join(home, 'keys/secrets.json'))).mode & 0o077).toBe(0);
  });

  it('prints a token that production refuses', async () => {
    await expect(verify(await token(), { development: false })).rejects.toThrow();
  });

  it('gives the scopes of --scope and no others', async () => {
    expect(await claims('--scope', 'divida:read score:read')).toMatchObject({ scope: 'divida:read score:read' });
    expect((await verify(await token('--scope', ''))).scopes.size).toBe(0);
  });

  it('gives the purpose of --finalidade', async () => {
    expect(await claims('--finalidade', 'COBRANCA')).toMatchObject({ finalidade: 'COBRANCA' });
  });

  it('makes a holder’s own token with --cpf, by default with the holder’s purpose', async () => {
    const jwt = await token('--cpf', CPF);
    expect(claimsOf(jwt)).toMatchObject({ cpf: CPF, finalidade: 'CONSULTA_DO_TITULAR' });
    expect((await verify(jwt)).titular).toBe(CPF);
    expect(await claims('--cpf', CPF, '--finalidade', 'LOCACAO')).toMatchObject({ finalidade: 'LOCACAO' });
  });

  it('carries one consent for each --consentimento, each for a year', async () => {
    const { consentimento } = await claims('--consentimento', CPF);
    expect(consentimento).toMatchObject({ cpf: CPF, id: expect.any(String) });
    const { consentimentos } = await verify(await token('--consentimento', CPF, '--consentimento', OTHER_CPF));
    expect([...consentimentos.keys()]).toEqual([CPF, OTHER_CPF]);
    const days = (Date.parse(consentimentos.get(OTHER_CPF as never)!.ate) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBeGreaterThanOrEqual(364);
    expect(Math.round(days)).toBeLessThanOrEqual(365);
  });

  it('seals what it reads with --sigilo, until today or the day of --sigilo-ate', async () => {
    const sealed = ['--finalidade', 'PREVENCAO_FRAUDE', '--sigilo', 'FRAUDE-1'];
    expect((await claims(...sealed))['sigilo']).toEqual({ referencia: 'FRAUDE-1', ate: today(systemClock) });
    const identity = await verify(await token(...sealed, '--sigilo-ate', '2027-01-31'));
    expect(identity.sigilo).toEqual({ referencia: 'FRAUDE-1', ate: '2027-01-31' });
    expect(await claims()).not.toHaveProperty('sigilo');
  });

  it('names the client of --client-id and the order of --ordem-judicial', async () => {
    const identity = await verify(
      await token(
        '--client-id',
        'tribunal',
        '--ordem-judicial',
        '0001234-03.2026.8.26.0100',
        '--finalidade',
        'ORDEM_JUDICIAL',
      ),
    );
    expect(identity).toMatchObject({ clientId: 'tribunal', ordemJudicial: '0001234-03.2026.8.26.0100' });
  });

  it('makes a token for the --audience, which another audience refuses', async () => {
    const jwt = await token('--audience', 'outra');
    expect(claimsOf(jwt)).toMatchObject({ aud: 'outra' });
    await expect(verify(jwt)).rejects.toThrow();
    await expect(verify(jwt, { audience: 'outra' })).resolves.toBeDefined();
  });

  it('makes a token that lives for --ttl seconds', async () => {
    const { exp, iat } = await claims('--ttl', '90');
    expect(Number(exp) - Number(iat)).toBe(90);
  });

  it('makes an expired token with a --ttl below -10, for clocks may differ by 10 s', async () => {
    await expect(verify(await token('--ttl', '-15'))).rejects.toThrow();
    await expect(verify(await token('--ttl', '-1'))).resolves.toBeDefined();
    const { exp, iat } = await claims('--ttl=-3600');
    expect(Number(exp)).toBeLessThan(Date.now() / 1_000 - 3_500);
    expect(Number(iat)).toBeLessThan(Number(exp));
  });

  it.each([
    ['an unknown option', ['--escopo', 'divida:read']],
    ['an argument', ['divida:read']],
    ['an unknown purpose', ['--finalidade', 'CURIOSIDADE']],
    ['an invalid CPF', ['--cpf', '12345678900']],
    ['a reference of a seal with a space', ['--sigilo', 'FRAUDE 1']],
    ['a seal until a day that does not exist', ['--sigilo', 'FRAUDE-1', '--sigilo-ate', '2027-02-29']],
    ['the end of no seal', ['--sigilo-ate', '2027-01-31']],
    ['an invalid number of a lawsuit', ['--ordem-judicial', '0001234-56.2026.8.26.0100']],
    ['a consent for an invalid CPF', ['--consentimento', CPF, '--consentimento', '529']],
    ['a ttl that is no number of seconds', ['--ttl', '1h']],
    ['a ttl without its value', ['--ttl']],
    ['an option without its value', ['--scope']],
    ['more consents than a token may carry', Array.from({ length: 101 }, () => ['--consentimento', CPF]).flat()],
  ])('prints its usage and no token for %s, and does not repeat its arguments', async (_, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('usage: npm run --silent token');
    expect(stderr).not.toMatch(/12345678900|CURIOSIDADE|52998224725/);
  });
});

it.each([
  ['--scope', 'a"b', 'scope'],
  ['--client-id', '', 'client_id'],
  ['--client-id', 'a\nb', 'client_id'],
  ['--client-id', 'x'.repeat(256), 'client_id'],
])('npm run token refuses to make a token that every service would refuse: %s %j', async (option, value, claim) => {
  const { code, stdout, stderr } = await run(option, value);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^no service accepts such a token: .*${claim}`));
});

it.each(['99999999999999999999', '1e3', '0x10', '１０', ''])(
  'npm run token refuses a --ttl that is no whole number: %j',
  async (ttl) => {
    expect(await run('--ttl', ttl)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^--ttl is a whole number/) }); // prettier-ignore
  },
);

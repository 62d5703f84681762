import { testLog } from '@pessoa/testkit/logs/test-log';
import { randomBytes } from 'node:crypto';
import { commonConfig, commonVariables, readEnvironment, warnOfUnencrypted } from '../../src/config/environment.ts';
import { productionFaults, unencryptedVariables } from '../../src/config/production-faults.ts';

const key = () => randomBytes(32).toString('base64url');
const REQUIRED = {
  JWT_JWKS_URL: 'https://idp.example/jwks',
  JWT_ISSUER: 'https://idp.example',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: key(),
  INTERNAL_KEY: key(),
  AUDIT_URL: 'postgresql://writer@db/auditoria',
};
const read = (env: Record<string, string>) => commonConfig(readEnvironment('debt', commonVariables, { ...REQUIRED, ...env })); // prettier-ignore
const base64url = (bytes: Uint8Array | number[]) => Buffer.from(bytes).toString('base64url');

/** The names of the variables for which the start is refused; each has a line without its value. */
function refused(env: Record<string, string>): string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split('\n');
    expect(head).toBe('debt cannot start:');
    for (const value of Object.values(env).filter((text) => text.length > 12))
      expect(lines.join()).not.toContain(value);
    return lines.map((line) => /^ {2}([A-Z_]+): .{10,}$/.exec(line)?.[1] ?? `?${line}`);
  }
}

it('Production starts with safe settings', () => {
  expect(refused({})).toEqual([]);
  expect(read({})).toMatchObject({ isDevelopment: false, allowsIntrospection: false });
});

describe('Production refuses', () => {
  it.each<[string, string]>([
    ['JWT_JWKS_URL', 'http://idp.example/jwks'],
    ['JWT_JWKS_URL', 'HTTP://IDP.EXAMPLE/jwks'],
    ['JWT_JWKS_URL', 'http://10.0.0.7:8080/jwks'],
    ['JWT_JWKS_URL', 'http://localhost.evil.example/jwks'],
    ['JWT_JWKS_URL', 'http://127.evil.example/jwks'],
    ['JWT_JWKS_URL', 'http://127.0.0.1@evil.example/jwks'],
    ['JWT_JWKS_URL', 'http://[2001:db8::1]/jwks'],
    ['JWT_JWKS_URL', 'http://0.0.0.0/jwks'],
    ['OIDC_ISSUER', 'http://idp.example'],
    ['PERSON_PAGE_ORIGIN', 'http://consulta.example'],
    ['JWT_MAX_LIFETIME_SECONDS', '3601'],
    ['JWT_MAX_LIFETIME_SECONDS', '43200'],
    ['CPF_HASH_KEY', base64url(new Uint8Array(32))],
    ['CPF_HASH_KEY', base64url(new Uint8Array(64).fill(7))],
    ['INTERNAL_KEY', base64url(Array.from({ length: 32 }, (_, index) => index))],
    ['INTERNAL_KEY', base64url(Array.from({ length: 32 }, (_, index) => 200 - index))],
    ['INTERNAL_KEY', base64url(Array.from({ length: 64 }, (_, index) => index % 2))],
    ['INTERNAL_KEY', base64url([...randomBytes(4), ...new Uint8Array(60)])],
    ['CPF_HASH_KEY', Buffer.from('The quick brown fox jumps over a lazy dog').toString('base64url')],
    ['CPF_HASH_KEY', 'A'.repeat(64)],
    ['CPF_HASH_KEY', 'troque-esta-chave-por-uma-sua-troque-esta-chave-'],
    ['INTERNAL_KEY', `${key()}!`],
    ['INTERNAL_KEY', `${key().slice(0, 20)} ${key()}`],
    ['INTERNAL_KEY', `${base64url(randomBytes(33))}A`],
    ['INTERNAL_KEY', base64url(randomBytes(31))],
    ['INTERNAL_KEY', REQUIRED.CPF_HASH_KEY],
    ['INTERNAL_KEY', `${REQUIRED.CPF_HASH_KEY}=`],
  ])('%s=%s', (name, value) => {
    expect(refused({ [name]: value })).toEqual([name]);
  });

  it.each([base64url(new Uint8Array(32)), 'troque-esta-chave-por-uma-sua-troque-esta-c', REQUIRED.INTERNAL_KEY])(
    'AUDITOR_KEY=%s, which signs the log of the audit',
    (AUDITOR_KEY) => {
      const names = productionFaults({ INTERNAL_KEY: REQUIRED.INTERNAL_KEY, AUDITOR_KEY }).map(({ name }) => name);
      expect(names).toEqual(['AUDITOR_KEY']);
      expect(productionFaults({ INTERNAL_KEY: REQUIRED.INTERNAL_KEY, AUDITOR_KEY: key() })).toEqual([]);
    },
  );

  it.each([base64url(new Uint8Array(32)), 'troque-esta-chave-por-uma-sua-troque-esta-c', REQUIRED.INTERNAL_KEY, REQUIRED.CPF_HASH_KEY])(
    'AUDITOR_VRF_KEY=%s, which hides the indices of people',
    (AUDITOR_VRF_KEY) => {
      const { CPF_HASH_KEY, INTERNAL_KEY } = REQUIRED;
      const faults = productionFaults({ CPF_HASH_KEY, INTERNAL_KEY, AUDITOR_VRF_KEY });
      expect(faults.map(({ name }) => name)).toEqual(['AUDITOR_VRF_KEY']);
      expect(productionFaults({ CPF_HASH_KEY, INTERNAL_KEY, AUDITOR_VRF_KEY: key() })).toEqual([]);
    },
  ); // prettier-ignore

  it('every unsafe setting at once, also by default, but not in development', () => {
    const unsafe = {
      JWT_JWKS_URL: 'http://idp.example/jwks',
      JWT_MAX_LIFETIME_SECONDS: '43200',
      CPF_HASH_KEY: base64url(new Uint8Array(32)),
      INTERNAL_KEY: base64url(new Uint8Array(32)),
    };
    expect(refused(unsafe)).toEqual(Object.keys(unsafe));
    expect(refused({ ...unsafe, PESSOA_ENV: 'production' })).toEqual(Object.keys(unsafe));
    expect(refused({ ...unsafe, PESSOA_ENV: 'development' })).toEqual([]);
  });

  it.each<Record<string, string>>([
    { JWT_JWKS_URL: 'http://127.0.0.1:8080/jwks' },
    { JWT_JWKS_URL: 'http://localhost/jwks' },
    { JWT_JWKS_URL: 'http://[::1]:8080/jwks' },
    { JWT_JWKS_URL: 'file:///run/secrets/jwks' },
    { JWT_MAX_LIFETIME_SECONDS: '3600' },
    { CPF_HASH_KEY: randomBytes(32).toString('base64') },
    { CPF_HASH_KEY: randomBytes(64).toString('hex') },
    { INTERNAL_KEY: base64url(randomBytes(48)) },
  ])('no safe setting: %j', (env) => {
    expect(refused(env)).toEqual([]);
  });

  it('none of a thousand random keys', () => {
    for (let round = 0; round < 1_000; round++) {
      expect(refused({ CPF_HASH_KEY: key(), INTERNAL_KEY: key() })).toEqual([]);
    }
  });
});

describe('Production warns of variables that send data to another machine unencrypted', () => {
  const router = {
    DEBT_URL: 'http://debt:4001/graphql',
    SCORE_URL: 'https://score.example/graphql',
    EVENT_URL: 'http://127.0.0.1:4003/graphql',
    ELASTICSEARCH_URL: 'http://10.0.0.9:9200',
    REDIS_URL: 'redis://:segredo@redis:6379',
    JWT_JWKS_URL: 'file:///run/secrets/jwks',
  };

  it('once, by name and never by value', () => {
    const { logger, lines } = testLog();
    warnOfUnencrypted({ unencrypted: unencryptedVariables(router) }, logger);
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0]!)).toMatchObject({
      level: 40,
      variaveis: ['DEBT_URL', 'ELASTICSEARCH_URL', 'REDIS_URL'],
    });
    expect(lines()[0]).not.toMatch(/segredo|10\.0\.0\.9|debt:4001/);
  });

  it.each([
    ['for this machine', { DEBT_URL: 'http://localhost:4001/graphql', REDIS_URL: 'redis://[::1]:6379' }],
    ['for encrypted protocols', { DEBT_URL: 'https://debt/graphql', REDIS_URL: 'rediss://redis:6379' }],
    [
      'for the names of an issuer and an audience',
      { JWT_ISSUER: 'http://idp.example', JWT_AUDIENCE: 'http://pessoa.example' },
    ],
    ['in development', { ...router, PESSOA_ENV: 'development' }],
  ])('but not %s', (_, values) => expect(unencryptedVariables(values)).toEqual([]));
});

describe('Introspection', () => {
  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ PESSOA_ENV: 'production', INTROSPECTION: '' }, false],
    [{ INTROSPECTION: 'off' }, false],
    [{ INTROSPECTION: 'on' }, true],
    [{ PESSOA_ENV: 'development' }, true],
    [{ PESSOA_ENV: 'development', INTROSPECTION: 'off' }, false],
  ])('with %j: %s', (env, isOn) => {
    expect(read(env).allowsIntrospection).toBe(isOn);
  });

  it('is on or off, and any other value is refused', () => {
    expect(refused({ INTROSPECTION: 'true' })).toEqual(['INTROSPECTION']);
  });
});

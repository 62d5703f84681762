import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { commonConfig, commonVariables, type ConfigError, readEnvironment } from '../../src/config/environment.ts';

const REQUIRED = {
  JWT_JWKS_URL: 'https://idp.example/jwks',
  JWT_ISSUER: 'https://idp.example',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: randomBytes(32).toString('base64url'),
  INTERNAL_KEY: randomBytes(32).toString('base64url'),
  AUDIT_URL: 'postgresql://writer@db/auditoria',
};
const read = (env: Record<string, string>) =>
  commonConfig(readEnvironment('debt', commonVariables, { ...REQUIRED, ...env })).jwt;
const further = (...issuers: unknown[]) => ({ JWT_FURTHER_ISSUERS: JSON.stringify(issuers) });

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

const partner = {
  name: 'parceiros',
  issuer: 'https://parceiro.example',
  audiences: ['pessoa', 'pessoa-lote'],
  jwksUrl: 'https://parceiro.example/jwks',
};

describe('JWT_FURTHER_ISSUERS', () => {
  it('adds issuers with rules of their own, which have the defaults of the first', () => {
    const claims = { scopeClaims: ['roles'], scopePrefix: 'api/', clientClaims: ['app'] };
    const bank = { ...partner, ...claims, name: 'banco', issuer: 'https://banco.example', maxLifetimeSeconds: 60, types: ['at+jwt'] }; // prettier-ignore
    const env = { ...further(partner, bank), JWT_SCOPE_CLAIMS: 'rights', JWT_MAX_LIFETIME_SECONDS: '300' };
    expect(read(env).issuers).toEqual([
      expect.objectContaining({ name: 'principal', issuer: 'https://idp.example', audiences: ['pessoa'], maxLifetimeSeconds: 300 }), // prettier-ignore
      {
        name: 'parceiros',
        issuer: 'https://parceiro.example',
        audiences: ['pessoa', 'pessoa-lote'],
        jwksUrl: new URL('https://parceiro.example/jwks'),
        maxLifetimeSeconds: 900,
        types: ['at+jwt', 'JWT', 'absent'],
        claims: { scope: ['scope', 'scp'], scopePrefix: '', client: ['client_id', 'azp', 'cid', 'appid'] },
      },
      expect.objectContaining({
        name: 'banco',
        maxLifetimeSeconds: 60,
        types: ['at+jwt'],
        claims: { scope: ['roles'], scopePrefix: 'api/', client: ['app'] },
      }),
    ]);
  });

  it('is as the example of docs/operations.md', () => {
    const document = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    const [, example = ''] = /^```json\n(.*?)^```/ms.exec(document) ?? [];
    expect(read({ JWT_FURTHER_ISSUERS: example }).issuers[1]).toMatchObject({
      name: 'parceiros',
      claims: { scope: ['scp'], scopePrefix: 'pessoa/', client: ['azp'] },
    });
  });

  it('may be empty', () => {
    expect(read(further()).issuers).toHaveLength(1);
    expect(read({ JWT_FURTHER_ISSUERS: '' }).issuers).toHaveLength(1);
  });

  it.each<[string, string | unknown[], string]>([
    ['is not JSON', 'segredo', 'is not JSON'],
    ['is not a list', JSON.stringify(partner), 'is not a list'],
    ['has a text in its list', ['segredo'], '[0] is not an issuer, or has a member that an issuer does not have'],
    ['has an unknown member', [{ ...partner, audience: 'segredo' }], '[0] is not an issuer, or has a member that an issuer does not have'], // prettier-ignore
    ['lacks a name', [{ ...partner, name: undefined }], '[0].name is required'],
    ['has the name of the first', [{ ...partner, name: 'principal' }], '[0].name is not 1 to 32 characters of a-z, 0-9 and -, or is principal'], // prettier-ignore
    ['has a slash in a name', [{ ...partner, name: 'a/b' }], '[0].name is not 1 to 32 characters of a-z, 0-9 and -, or is principal'], // prettier-ignore
    ['has an empty issuer', [{ ...partner, issuer: '' }], '[0].issuer is required'],
    ['has no audience', [partner, { ...partner, name: 'b', issuer: 'b', audiences: [] }], '[1].audiences is not a list of audiences'], // prettier-ignore
    ['has an empty audience', [{ ...partner, audiences: ['a', ''] }], '[0].audiences.1 is not a list of audiences'],
    ['has a key set that is no URL', [{ ...partner, jwksUrl: 'segredo' }], '[0].jwksUrl is not an http(s) or file URL'],
    ['has a lifetime of a text', [{ ...partner, maxLifetimeSeconds: '900' }], '[0].maxLifetimeSeconds is not a whole number of seconds, 1 to 86400'], // prettier-ignore
    ['has two faults', [{ ...partner, issuer: 7, types: ['a b'] }], '[0].issuer is required; [0].types.0 is not a list of types'], // prettier-ignore
    ['has a name twice', [partner, { ...partner, issuer: 'b' }], 'has two issuers with the same name'],
    ['has an issuer twice', [partner, { ...partner, name: 'b' }], 'has an issuer twice'],
    ['has the issuer of JWT_ISSUER', [{ ...partner, issuer: 'https://idp.example' }], 'has the issuer of JWT_ISSUER again'], // prettier-ignore
    ['has a key set that an attacker could replace', [partner, { ...partner, name: 'b', issuer: 'b', jwksUrl: 'http://10.0.0.7/jwks' }], '[1].jwksUrl is http:// to another machine, so an attacker in between could replace the keys: use https:// or file://'], // prettier-ignore
    ['has tokens that live too long for production', [{ ...partner, maxLifetimeSeconds: 3_601 }], '[0].maxLifetimeSeconds is above 3600 (1 h), the most that production accepts'], // prettier-ignore
  ])('is refused if it %s', (_, value, fault) => {
    const env = { JWT_FURTHER_ISSUERS: typeof value === 'string' ? value : JSON.stringify(value) };
    expect(faultsOf(env)).toEqual([`JWT_FURTHER_ISSUERS: ${fault}`]);
  });

  it('may have such keys and lifetimes in development', () => {
    const issuer = { ...partner, jwksUrl: 'http://10.0.0.7/jwks', maxLifetimeSeconds: 43_200 };
    expect(faultsOf({ ...further(issuer), PESSOA_ENV: 'development' })).toEqual([]);
  });
});

describe('JWT_AUDIENCE', () => {
  it('may be a list', () => {
    expect(read({ JWT_AUDIENCE: 'pessoa, https://api.example ,' }).issuers[0]?.audiences).toEqual(['pessoa', 'https://api.example']); // prettier-ignore
    expect(faultsOf({ JWT_AUDIENCE: ' , ' })).toEqual(['JWT_AUDIENCE: is required']);
  });
});

describe('The settings of bound tokens', () => {
  it('give the URLs and the proxy', () => {
    const env = {
      DPOP_URLS: 'https://api.example, https://api.example:8443/v1/',
      CLIENT_CERTIFICATE_HEADER: 'X-SSL-Client-Cert',
      CLIENT_CERTIFICATE_PROXIES: '10.0.0.0/8, ::1',
    };
    expect(read(env)).toMatchObject({
      dpopUrls: ['https://api.example', 'https://api.example:8443/v1'],
      certificateProxy: { header: 'X-SSL-Client-Cert', addresses: ['10.0.0.0/8', '::1'] },
    });
  });

  it.each<[Record<string, string>, string]>([
    [{ DPOP_URLS: 'api.example' }, 'DPOP_URLS'],
    [{ DPOP_URLS: 'ftp://api.example' }, 'DPOP_URLS'],
    [{ DPOP_URLS: 'https://api.example/?a=1' }, 'DPOP_URLS'],
    [{ DPOP_URLS: 'https://api.example#a' }, 'DPOP_URLS'],
    [{ DPOP_URLS: 'https://a:segredo@api.example' }, 'DPOP_URLS'],
    [{ CLIENT_CERTIFICATE_HEADER: 'a b', CLIENT_CERTIFICATE_PROXIES: '::1' }, 'CLIENT_CERTIFICATE_HEADER'],
    [{ CLIENT_CERTIFICATE_HEADER: 'a', CLIENT_CERTIFICATE_PROXIES: 'proxy' }, 'CLIENT_CERTIFICATE_PROXIES'],
    [{ CLIENT_CERTIFICATE_HEADER: 'a', CLIENT_CERTIFICATE_PROXIES: '10.0.0.0/33' }, 'CLIENT_CERTIFICATE_PROXIES'],
    [{ CLIENT_CERTIFICATE_HEADER: 'a' }, 'CLIENT_CERTIFICATE_HEADER'],
    [{ CLIENT_CERTIFICATE_PROXIES: '::1' }, 'CLIENT_CERTIFICATE_PROXIES'],
  ])('are refused: %j', (env, name) => {
    const faults = faultsOf(env);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([name]);
    expect(faults.join()).not.toContain('segredo');
  });
});

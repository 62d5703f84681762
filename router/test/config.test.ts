import { randomBytes } from 'node:crypto';
import { readConfig } from '../src/config.ts';

const key = () => randomBytes(32).toString('base64url');
const env = {
  JWT_JWKS_URL: 'https://idp.example/jwks',
  JWT_ISSUER: 'https://idp.example',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: key(),
  INTERNAL_KEY: key(),
  AUDIT_URL: 'postgresql://writer@db/auditoria',
  PESSOA_HOME: '/somewhere',
};

describe('The pages for developers in production', () => {
  it('are off, and `on` is refused with a hint at `public`', () => {
    expect(readConfig(env).explorer).toBeUndefined();
    expect(readConfig({ ...env, EXPLORER: 'off' }).explorer).toBeUndefined();
    expect(() => readConfig({ ...env, EXPLORER: 'on' })).toThrow(/^router cannot start:\n {2}EXPLORER: .*`public`.*$/);
  });

  it('have no token if they are public', () => {
    expect(readConfig({ ...env, EXPLORER: 'public' }).explorer).toMatchObject({ home: undefined });
    expect(readConfig({ ...env, EXPLORER: 'public', PESSOA_ENV: 'development' }).explorer?.home).toBe('/somewhere');
    expect(readConfig({ ...env, EXPLORER: 'on', PESSOA_ENV: 'development' }).explorer?.home).toBe('/somewhere');
  });
});

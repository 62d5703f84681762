import { z } from 'zod';
import {
  commonConfig,
  commonVariables,
  ConfigError,
  millis,
  port,
  readEnvironment,
} from '../src/config/environment.ts';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const REQUIRED = {
  JWT_JWKS_URL: 'https://idp.example/jwks',
  JWT_ISSUER: 'https://idp.example',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: KEY,
  INTERNAL_KEY: KEY,
  AUDIT_URL: 'postgresql://writer@db/auditoria',
};
const read = (env: Record<string, string>) => commonConfig(readEnvironment('debt', commonVariables, env));

describe('The environment of a process', () => {
  it('needs no more than what has no safe default', () => {
    expect(read(REQUIRED)).toMatchObject({
      development: false,
      host: '127.0.0.1',
      logLevel: 'info',
      jwt: { maxLifetimeSeconds: 900 },
      audit: { timeoutMillis: 1_000 },
      courtOrderClients: new Set(),
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(read({ ...REQUIRED, HOST: '', JWT_MAX_LIFETIME_SECONDS: '' }).host).toBe('127.0.0.1');
    expect(() => read({ ...REQUIRED, JWT_ISSUER: '' })).toThrow(/^ {2}JWT_ISSUER: is required$/m);
  });

  it('is refused with every fault at once, each by its name', () => {
    const faults = () => read({ PESSOA_ENV: 'test', LOG_LEVEL: 'loud', AUDIT_TIMEOUT_MILLIS: '0' });
    expect(faults).toThrow(ConfigError);
    for (const name of ['PESSOA_ENV', 'LOG_LEVEL', 'AUDIT_TIMEOUT_MILLIS', ...Object.keys(REQUIRED)]) {
      expect(faults).toThrow(new RegExp(`^  ${name}: .+$`, 'm'));
    }
  });

  it.each([
    ['JWT_JWKS_URL', 'ftp://segredo'],
    ['AUDIT_URL', 'mysql://u:segredo@db/x'],
    ['CPF_HASH_KEY', 'segredo'],
    ['INTERNAL_KEY', Buffer.from('segredo'.repeat(4)).toString('base64url')],
    ['LOG_LEVEL', 'segredo'],
    ['PESSOA_ENV', 'segredo'],
    ['AUDIT_TIMEOUT_MILLIS', 'segredo'],
    ['JWT_MAX_LIFETIME_SECONDS', '-1'],
  ])('is refused without its value: %s', (name, value) => {
    const reading = () => read({ ...REQUIRED, [name]: value });
    expect(reading).toThrow(new RegExp(`^debt cannot start:\\n  ${name}: `));
    expect(reading).not.toThrow(new RegExp(value));
  });

  it('has clients with court orders separated by commas', () => {
    expect(read({ ...REQUIRED, COURT_ORDER_CLIENTS: ' tribunal, ,vara ' }).courtOrderClients).toEqual(
      new Set(['tribunal', 'vara']),
    );
  });

  it.each([
    [{ P: '65536' }, false],
    [{ P: '0' }, true],
    [{ M: '60001' }, false],
    [{ M: '1.5' }, false],
    [{}, true],
  ])('has ports to 65,535 and times of whole milliseconds to a minute: %j', (env, isFine) => {
    const reading = () => readEnvironment('x', { P: port(4000), M: millis(100), O: z.string().optional() }, env);
    if (isFine) expect(reading()).toMatchObject({ M: 100 });
    else expect(reading).toThrow(ConfigError);
  });
});

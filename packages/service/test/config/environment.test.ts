import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  commonConfig,
  commonVariables,
  ConfigError,
  millis,
  port,
  readEnvironment,
  readSettingFiles,
} from '../../src/config/environment.ts';

const KEY = randomBytes(32).toString('base64url');
const REQUIRED = {
  JWT_JWKS_URL: 'https://idp.example/jwks',
  JWT_ISSUER: 'https://idp.example',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: KEY,
  INTERNAL_KEY: randomBytes(32).toString('base64url'),
  AUDIT_URL: 'postgresql://writer@db/auditoria',
};
const read = (env: Record<string, string>) => commonConfig(readEnvironment('debt', commonVariables, env));

describe('The environment of a process', () => {
  it('has workers only with a Redis that they share', () => {
    expect(read({ ...REQUIRED, WORKERS: '1' }).workers).toBe(1);
    expect(read({ ...REQUIRED, WORKERS: '4', REDIS_URL: 'redis://cache' }).workers).toBe(4);
    expect(read({ ...REQUIRED, WORKERS: '2', REDIS_CLUSTER: 'a:1,b:1' }).workers).toBe(2);
    expect(() => read({ ...REQUIRED, WORKERS: '2' })).toThrow(
      'debt cannot start:\n  WORKERS: above 1 needs a Redis (REDIS_URL), which the workers share',
    );
    for (const bad of ['0', '65', '1.5', 'auto'])
      expect(() => read({ ...REQUIRED, WORKERS: bad })).toThrow('WORKERS: ');
  });

  it('needs only the settings that have no safe default', () => {
    expect(read(REQUIRED)).toMatchObject({
      isDevelopment: false,
      host: '127.0.0.1',
      logLevel: 'info',
      jwt: {
        issuers: [{ name: 'principal', audiences: ['pessoa'], maxLifetimeSeconds: 900 }],
        dpopUrls: [],
        certificateProxy: undefined,
      },
      audit: { timeoutMillis: 1_000 },
      courtOrderClients: new Set(),
      sealClients: new Set(),
      thirdPartyCadastro: 'scope',
    });
  });

  it('treats an empty variable as absent', () => {
    expect(read({ ...REQUIRED, HOST: '', JWT_MAX_LIFETIME_SECONDS: '' }).host).toBe('127.0.0.1');
    expect(() => read({ ...REQUIRED, JWT_ISSUER: '' })).toThrow(/^ {2}JWT_ISSUER: is required$/m);
  });

  it.each([
    ['blanks before and after', ' ', ' '],
    ['a carriage return of Windows after', '', '\r'],
    ['a tab before and a line feed after', '\t', '\n'],
    ['no-break spaces before and after', '\u00a0', '\u00a0'],
  ])('ignores %s a value', (_title, before, after) => {
    const env = { ...REQUIRED, LOG_LEVEL: 'warn', MAX_CONNECTIONS: '7' };
    const padded = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, before + value + after]));
    expect(read(padded)).toEqual(read(env));
    expect(read({ ...REQUIRED, HOST: before + after, MAX_CONNECTIONS: before + after })).toEqual(read(REQUIRED));
    expect(() => read({ ...REQUIRED, JWT_ISSUER: before + after })).toThrow(/^ {2}JWT_ISSUER: is required$/m);
  });

  it('is refused with every fault at once, each with the name of its variable', () => {
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
    ['THIRD_PARTY_CADASTRO', 'SCOPE'],
    ['PESSOA_ENV', 'segredo'],
    ['AUDIT_TIMEOUT_MILLIS', 'segredo'],
    ['JWT_MAX_LIFETIME_SECONDS', '-1'],
  ])('is refused without quoting the value of %s', (name, value) => {
    const reading = () => read({ ...REQUIRED, [name]: value });
    expect(reading).toThrow(new RegExp(`^debt cannot start:\\n  ${name}: `));
    expect(reading).not.toThrow(new RegExp(value));
  });

  describe('read from files', () => {
    let folder: string;
    beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'pessoa-files-'))));
    afterAll(() => rmSync(folder, { recursive: true }));
    const fileOf = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };

    it('has the trimmed content of each file as the value', () => {
      const { AUDIT_URL, CPF_HASH_KEY, ...rest } = REQUIRED;
      const env = {
        ...rest,
        AUDIT_URL_FILE: fileOf('audit', `${AUDIT_URL}\n`),
        CPF_HASH_KEY_FILE: fileOf('key', ` ${CPF_HASH_KEY} \r\n`),
        LOG_LEVEL_FILE: fileOf('level', 'warn'),
      };
      expect(read(env)).toEqual({ ...read(REQUIRED), logLevel: 'warn' });
    });

    it('treats an empty file name as absent', () => {
      expect(read({ ...REQUIRED, AUDIT_URL_FILE: '' })).toEqual(read(REQUIRED));
    });

    it('reads only the files of its own variables', () => {
      expect(read({ ...REQUIRED, OUTRO_FILE: join(folder, 'nenhum') })).toEqual(read(REQUIRED));
    });

    it('is refused with every unreadable file beside the other faults, without the path or the content of a file', () => {
      const { JWT_ISSUER: _, AUDIT_URL: __, CPF_HASH_KEY: ___, JWT_AUDIENCE: ____, ...rest } = REQUIRED;
      const reading = () =>
        read({
          ...rest,
          AUDIT_URL_FILE: join(folder, 'segredo', 'nenhum'),
          CPF_HASH_KEY_FILE: fileOf('empty', '\n'),
          INTERNAL_KEY_FILE: fileOf('segredo-1', KEY),
          JWT_AUDIENCE_FILE: folder,
          LOG_LEVEL_FILE: fileOf('segredo-2', 'segredo'),
        });
      expect(reading).toThrow(ConfigError);
      expect(() => reading()).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(/^debt cannot start:\n(?: {2}[A-Z_]+: .+(?:\n|$)){6}$/),
        }),
      );
      for (const fault of [
        'AUDIT_URL_FILE: is not a file that can be read',
        'CPF_HASH_KEY_FILE: is an empty file',
        'INTERNAL_KEY: is also given as INTERNAL_KEY_FILE',
        'JWT_AUDIENCE_FILE: is not a file that can be read',
        'LOG_LEVEL: is not a log level',
        'JWT_ISSUER: is required',
      ])
        expect(reading).toThrow(new RegExp(`^  ${fault}$`, 'm'));
      expect(reading).not.toThrow(/segredo|pessoa-files/);
    });

    it('is read in the same way for the variables that a script names', () => {
      const env = { A_FILE: fileOf('a', 'um\n'), B: 'dois', C: '', D_FILE: 'outro' };
      expect(readSettingFiles(env, ['A', 'B', 'C'])).toEqual({ A: 'um', B: 'dois', D_FILE: 'outro' });
      expect(() => readSettingFiles({ ...env, A: 'um' }, ['A', 'D'])).toThrow(
        new ConfigError(
          'these settings cannot be read:\n  A: is also given as A_FILE\n  D_FILE: is not a file that can be read',
        ),
      );
    });
  });

  it('has a list of clients with court orders, separated by commas', () => {
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
  ])('accepts ports up to 65,535 and times in whole milliseconds up to a minute: %j', (env, isValid) => {
    const reading = () => readEnvironment('x', { P: port(4000), M: millis(100), O: z.string().optional() }, env);
    if (isValid) expect(reading()).toMatchObject({ M: 100 });
    else expect(reading).toThrow(ConfigError);
  });
});

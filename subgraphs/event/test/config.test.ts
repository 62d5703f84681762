import { readConfig } from '../src/config.ts';

const secret = Buffer.alloc(32, 7).toString('base64url');
const env = {
  JWT_JWKS_URL: 'https://emissor.invalid/jwks',
  JWT_ISSUER: 'https://emissor.invalid',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: secret,
  INTERNAL_KEY: secret,
  AUDIT_URL: 'postgresql://writer@bases.invalid/auditoria',
  AUDIT_READER_URL: 'postgresql://reader@bases.invalid/auditoria',
  BASE_C_URL: 'postgresql://reader@bases.invalid/base_c',
};

describe('the configuration of Event', () => {
  it('keeps what it may wait for inside 700 ms, cache (50) and search (150) included', () => {
    const { base, auditReader } = readConfig(env);
    const request = base.budget.acquireMillis + base.budget.statementMillis;
    expect(50 + 150 + request).toBeLessThan(700);
    expect(auditReader.timeoutMillis).toBeLessThan(request);
  });

  it('names every variable that is missing or wrong at once, and no value', () => {
    const wrong = { ...env, BASE_C_URL: 'mysql://secret@x', AUDIT_READER_URL: '', EVENT_PORT: '70000' };
    const faults = expect.stringMatching(
      /^event cannot start:\n(?=.*BASE_C_URL)(?=.*AUDIT_READER_URL)(?=.*EVENT_PORT)(?!.*secret)/s,
    );
    expect(() => readConfig(wrong)).toThrow(expect.objectContaining({ message: faults }));
  });
});

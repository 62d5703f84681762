import { openTestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';

describe('The configuration of Debt', () => {
  it('is refused with the name of every missing or wrong variable at once, and without their values', () => {
    const env = {
      BASE_A_URL: 'mysql://u:segredo@h/d',
      DEBT_PORT: '70000',
      CPF_HASH_KEY: 'curta',
      BASE_A_STATEMENT_MILLIS: 'x',
    };
    const read = () => readConfig(env);
    for (const name of [
      ...Object.keys(env),
      'INTERNAL_KEY',
      'AUDIT_URL',
      'JWT_JWKS_URL',
      'JWT_ISSUER',
      'JWT_AUDIENCE',
    ]) {
      expect(read).toThrow(new RegExp(`^  ${name}: `, 'm'));
    }
    expect(read).not.toThrow(/segredo|curta|70000/);
  });

  it('allows by default 200 ms for a connection and 1,200 ms for a statement, less than the router waits', async () => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    const { base, port } = readConfig({ ...environment.env, DEBT_PORT: '' });
    await environment.close();
    await bases.drop();
    expect(base).toMatchObject({ budget: { acquireMillis: 200, statementMillis: 1_200 }, connections: 10 });
    expect(base.budget.acquireMillis + base.budget.statementMillis).toBeLessThan(1_500);
    expect(port).toBe(4001);
  });
});

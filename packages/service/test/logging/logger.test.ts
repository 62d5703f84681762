import { cnpjFromBase } from '@pessoa/domain/cnpj';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { type Logger, maskSecrets } from '../../src/logging/logger.ts';

function logged(write: (logger: Logger) => void): string {
  const { logger, lines } = testLog();
  write(logger);
  return lines().join('');
}

const CPF = '529.982.247-25';
const TOKEN = 'eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiJhIn0xx.c2lnbmF0dXJlMTIz';
const DSN = 'postgresql://owner:senha@db.internal:5432/base_a';

describe('A line of the log', () => {
  it.each([
    [CPF, '[CPF]'],
    ['52998224725', '[CPF]'],
    [`cpf=${CPF};`, 'cpf=[CPF];'],
    [`Bearer ${TOKEN}`, 'Bearer [TOKEN]'],
    [DSN, '[DSN]db.internal:5432/base_a'],
    ['redis://:senha@cache', '[DSN]cache'],
    ['pessoa.dividas.nodes', 'pessoa.dividas.nodes'],
    ['2026-11-22T15:00:00.000Z', '2026-11-22T15:00:00.000Z'],
  ])('masks %s', (text, masked) => expect(maskSecrets(text)).toBe(masked));

  it('never contains a CPF, a token or a password of an error or of its causes', () => {
    const cause = new Error(`token ${TOKEN}`, { cause: new Error(`at ${DSN}`) });
    const line = logged((logger) => {
      logger.error({ err: new Error(`no person ${CPF}`, { cause }) });
      logger.error({ err: new Error(`no person ${CPF}`, { cause }) }, `while reading ${CPF}`);
      logger.error(new Error(`no person ${CPF}`));
      logger.warn(`person ${CPF} at ${DSN}`);
      logger.error({ err: `thrown text ${CPF}` });
    });
    expect(line).not.toMatch(/529\.?982|senha|eyJ/);
    expect(line.match(/\[CPF\]/g)!.length).toBeGreaterThan(5);
    expect(line).toContain('[TOKEN]');
    expect(line).toContain('[DSN]');
  });

  it.each([
    [{ message: 'the pool is closed' }, 'the pool is closed'],
    [{ message: 7, status: 'a name' }, 'an object with the keys: message, status'],
    [{ [CPF]: 1 }, 'an object with the keys: [CPF]'],
    [Object.create(null), 'an object with the keys: '],
    [null, 'null'],
  ])('describes a thrown value that is not an Error: %j', (thrown, message) => {
    const cause = JSON.parse(logged((logger) => logger.error({ err: new Error('x', { cause: thrown }) }))).err.cause;
    expect(cause).toEqual({ type: 'object', message });
  });

  it('keeps what identifies nobody: codes, CNPJs and stacks', () => {
    const cnpj = cnpjFromBase('112223330001');
    const line = logged((logger) =>
      logger.error({ err: Object.assign(new Error(`credor ${cnpj}`), { code: '42P01' }) }),
    );
    expect(JSON.parse(line)).toMatchObject({
      service: 'test',
      err: {
        type: 'Error',
        message: `credor ${cnpj}`,
        code: '42P01',
        stack: expect.stringContaining('logger.test.ts'),
      },
    });
  });

  it('ends at the fourth cause, because an error may be its own cause', () => {
    const circular = new Error('again');
    circular.cause = circular;
    expect(logged((logger) => logger.error({ err: circular })).match(/"cause"/g)).toHaveLength(4);
  });
});

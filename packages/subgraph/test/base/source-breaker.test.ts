import { PublicError } from '@pessoa/domain/errors';
import { createSourceBreaker } from '../../src/base/source-breaker.ts';

const failing = (error: Error) => () => Promise.reject(error);

describe('The breaker of a source', () => {
  it('translates an error of the source into a public error', async () => {
    const breaker = createSourceBreaker('divida');
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(breaker.run(failing(refused))).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'divida' });
    expect(breaker.state()).toBe('degradada');
  });

  it('opens after ten failures: the source is not called and the error comes at once', async () => {
    const breaker = createSourceBreaker('score');
    const slow = new PublicError('FONTE_LENTA', { fonte: 'score' });
    for (let call = 0; call < 10; call++) await expect(breaker.run(failing(slow))).rejects.toBe(slow);
    expect(breaker.state()).toBe('fora');
    let calls = 0;
    await expect(breaker.run(async () => calls++)).rejects.toMatchObject({
      code: 'FONTE_INDISPONIVEL',
      fonte: 'score',
    });
    expect(calls).toBe(0);
  });

  it('rethrows a bug of Pessoa unchanged, and stays closed', async () => {
    const breaker = createSourceBreaker('evento');
    const bug = new TypeError('x is not a function');
    for (let call = 0; call < 20; call++) await expect(breaker.run(failing(bug))).rejects.toBe(bug);
    expect({ state: breaker.state(), answer: await breaker.run(() => Promise.resolve(1)) }).toEqual({
      state: 'ok',
      answer: 1,
    });
  });
});

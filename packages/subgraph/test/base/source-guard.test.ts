import { PublicError } from '@pessoa/domain/errors';
import { createSourceGuard } from '../../src/base/source-guard.ts';

const failing = (error: Error) => () => Promise.reject(error);

describe('The guard of a source', () => {
  it('translates an error of the source into a public error', async () => {
    const guard = createSourceGuard('divida');
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(guard.run(failing(refused))).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'divida' });
    expect(guard.state()).toBe('degradada');
  });

  it('opens after ten failures: the source is not called and the error comes at once', async () => {
    const guard = createSourceGuard('score');
    const slow = new PublicError('FONTE_LENTA', { fonte: 'score' });
    for (let call = 0; call < 10; call++) await expect(guard.run(failing(slow))).rejects.toBe(slow);
    expect(guard.state()).toBe('fora');
    let calls = 0;
    await expect(guard.run(async () => calls++)).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'score' });
    expect(calls).toBe(0);
  });

  it('rethrows a bug of Pessoa unchanged, and stays closed', async () => {
    const guard = createSourceGuard('evento');
    const bug = new TypeError('x is not a function');
    for (let call = 0; call < 20; call++) await expect(guard.run(failing(bug))).rejects.toBe(bug);
    expect({ state: guard.state(), answer: await guard.run(() => Promise.resolve(1)) }).toEqual({
      state: 'ok',
      answer: 1,
    });
  });
});

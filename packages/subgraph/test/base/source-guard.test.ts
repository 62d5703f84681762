import { PublicError } from '@pessoa/domain/errors';
import { createSourceGuard } from '../../src/base/source-guard.ts';

const failing = (error: Error) => () => Promise.reject(error);

describe('What stands between us and a source', () => {
  it('says what the source failed at, in the words of the closed table', async () => {
    const guard = createSourceGuard('divida');
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(guard.run(failing(refused))).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'divida' });
    expect(guard.state()).toBe('degradada');
  });

  it('asks no more a source that keeps failing, and says so at once', async () => {
    const guard = createSourceGuard('score');
    const slow = new PublicError('FONTE_LENTA', { fonte: 'score' });
    for (let call = 0; call < 10; call++) await expect(guard.run(failing(slow))).rejects.toBe(slow);
    expect(guard.state()).toBe('fora');
    let asked = 0;
    await expect(guard.run(async () => asked++)).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'score' });
    expect(asked).toBe(0);
  });

  it('passes a bug of ours on as it is, and goes on asking', async () => {
    const guard = createSourceGuard('evento');
    const bug = new TypeError('x is not a function');
    for (let call = 0; call < 20; call++) await expect(guard.run(failing(bug))).rejects.toBe(bug);
    expect({ state: guard.state(), answer: await guard.run(() => Promise.resolve(1)) }).toEqual({
      state: 'ok',
      answer: 1,
    });
  });
});

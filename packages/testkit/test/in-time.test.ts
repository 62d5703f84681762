import { setTimeout as sleep } from 'node:timers/promises';
import { inTime } from '../src/in-time.ts';

describe('What must be in time', () => {
  it('may be late twice, and gives what it gave in time', async () => {
    let tries = 0;
    expect(await inTime(1_000, async () => sleep(++tries < 3 ? 1_010 : 0, tries))).toBe(3);
  });

  it('fails when it is late three times', async () => {
    let tries = 0;
    await expect(inTime(10, () => sleep(20, ++tries))).rejects.toThrow(/^it took \d+, \d+, \d+ ms, and may take 10$/);
    expect(tries).toBe(3);
  });

  it('fails at once by itself', async () => {
    let tries = 0;
    const failing = async (): Promise<never> => {
      throw new Error(`failed ${++tries}`);
    };
    await expect(inTime(1_000, failing)).rejects.toThrow(/^failed 1$/);
  });
});

import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { indexThreads, indicesHere } from '../../src/people/index-threads.ts';
import { personKeys } from '../../src/people/person-keys.ts';

describe('The threads for indices of people', () => {
  const secret = randomBytes(32);
  const keys = personKeys(secret, randomBytes(32));
  /** The main thread computes nothing for it. */
  const nothing = {
    indexOf: (): never => {
      throw new Error('the main thread computes an index');
    },
  };
  const some = (count: number): Cpf[] => Array.from({ length: count }, newCpf);
  const hex = (indices: readonly Uint8Array[]): string[] => indices.map((index) => Buffer.from(index).toString('hex'));
  const ending = (source: string): Worker => new Worker(source, { eval: true });
  const expected = (cpfs: readonly Cpf[]): string[] => hex(cpfs.map(keys.indexOf));

  it('give the indices of the key, in the order of the people, however many there are', async () => {
    const threads = indexThreads(secret, keys, { threads: 3 });
    await threads.indicesOf(some(128));
    for (const count of [0, 1, 2, 3, 4, 31]) {
      const cpfs = some(count);
      expect(hex(await threads.indicesOf(cpfs))).toEqual(expected(cpfs));
    }
    const [one, other] = [some(7), some(5)];
    const both = await Promise.all([threads.indicesOf(one), threads.indicesOf(other)]);
    expect(both.map(hex)).toEqual([expected(one), expected(other)]);
    await threads.close();
  });

  it('are started for the 129th person: those before are computed by the main thread', async () => {
    const cpfs = some(3);
    expect(hex(await indicesHere(keys)(cpfs))).toEqual(expected(cpfs));
    const threads = indexThreads(secret, nothing, { threads: 1 });
    await expect(threads.indicesOf(some(128))).rejects.toThrow('the main thread computes an index');
    expect(hex(await threads.indicesOf(cpfs))).toEqual(expected(cpfs));
    await threads.close();
  });

  it('are replaced a minute after they end, and the main thread computes what they have not answered', async () => {
    let now = 0;
    let opened = 0;
    const open = (): Worker => {
      opened += 1;
      return new Worker(new URL('../../src/people/index-thread.ts', import.meta.url), { workerData: secret });
    };
    const threads = indexThreads(secret, keys, { threads: 2, now: () => now, open });
    await threads.indicesOf(some(128));
    await expect(threads.indicesOf(['no CPF' as Cpf, ...some(3)])).rejects.toThrow();
    const cpfs = some(40);
    now = 59_999;
    expect([hex(await threads.indicesOf(cpfs)), opened]).toEqual([expected(cpfs), 2]);
    now = 60_000;
    expect([hex(await threads.indicesOf(cpfs)), opened]).toEqual([expected(cpfs), 3]);
    const asked = threads.indicesOf(cpfs);
    await threads.close();
    expect(hex(await asked)).toEqual(expected(cpfs));
  });

  it.each<[string, (opened: number) => Worker]>([
    ['none can start', () => { throw new Error('EAGAIN'); }],
    ['only one can start', (opened) => { if (opened > 1) throw new Error('EAGAIN'); return ending('process.exit()'); }],
    ['each ends while it starts', () => ending('throw new Error()')],
    ['each hangs', () => ending('for (;;);')],
    ['each is silent', () => ending('setInterval(() => {}, 1_000)')],
  ])('are done without where %s, and few are tried', async (_, openNext) => {
    let opened = 0;
    const open = (): Worker => openNext(++opened);
    const threads = indexThreads(secret, keys, { threads: 2, answerMillis: () => 500, open });
    await threads.indicesOf(some(128));
    for (const cpfs of [some(5), some(1), some(3)]) expect(hex(await threads.indicesOf(cpfs))).toEqual(expected(cpfs));
    expect(opened).toBeLessThanOrEqual(2);
    await threads.close();
  }); // prettier-ignore
});

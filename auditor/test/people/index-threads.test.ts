import { randomBytes } from 'node:crypto';
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
  const expected = (cpfs: readonly Cpf[]): string[] => hex(cpfs.map(keys.indexOf));

  it('give the indices of the key, in the order of the people, however many there are', async () => {
    const threads = indexThreads(secret, keys, 3);
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
    const threads = indexThreads(secret, nothing, 1);
    await expect(threads.indicesOf(some(128))).rejects.toThrow('the main thread computes an index');
    expect(hex(await threads.indicesOf(cpfs))).toEqual(expected(cpfs));
    await threads.close();
  });

  it('are replaced when they end, and the main thread computes what they have not answered', async () => {
    const threads = indexThreads(secret, keys, 2);
    await threads.indicesOf(some(128));
    await expect(threads.indicesOf(['no CPF' as Cpf, ...some(3)])).rejects.toThrow();
    const cpfs = some(40);
    expect(hex(await threads.indicesOf(cpfs))).toEqual(expected(cpfs));
    const asked = threads.indicesOf(cpfs);
    await threads.close();
    expect(hex(await asked)).toEqual(expected(cpfs));
  });

  it('are done without where none can start', async () => {
    const threads = indexThreads(new Uint8Array(3), keys, 2);
    await threads.indicesOf(some(128));
    for (const cpfs of [some(5), some(1)]) expect(hex(await threads.indicesOf(cpfs))).toEqual(expected(cpfs));
    await threads.close();
  });
});

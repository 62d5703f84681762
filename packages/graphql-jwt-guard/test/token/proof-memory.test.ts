import { memoryProofs } from '../../src/index.ts';

const NOW = 1_795_000_000_000;
const SECOND = 1_000;

describe('The memory of used proofs', () => {
  it('knows a proof until no proof of its time is valid', () => {
    const proofs = memoryProofs(60 * SECOND, 10 * SECOND);
    expect(proofs.isFirstUse('a', NOW, NOW)).toBe(true);
    expect(proofs.isFirstUse('b', NOW, NOW + 70 * SECOND)).toBe(true);
    expect(proofs.isFirstUse('a', NOW, NOW + 70 * SECOND)).toBe(false);
  });

  it('takes no proof twice when it is full', () => {
    const proofs = memoryProofs(60 * SECOND, 10 * SECOND, 100);
    const timeOf = (count: number): number => NOW + count * (SECOND / 2);
    for (let count = 0; count < 500; count++) {
      const now = timeOf(count);
      expect(proofs.isFirstUse(`proof-${count}`, now, now)).toBe(true);
      for (const earlier of [count, count - 50, count - 99, count - 100, count - 119, 0]) {
        if (earlier >= 0) expect(proofs.isFirstUse(`proof-${earlier}`, timeOf(earlier), now)).toBe(false);
      }
    }
  });

  it('is full for everyone after a flood, for as long as `iat` may be ahead', () => {
    const proofs = memoryProofs(60 * SECOND, 10 * SECOND, 100);
    for (let count = 0; count <= 100; count++) proofs.isFirstUse(`flood-${count}`, NOW, NOW);
    expect(proofs.isFirstUse('new', NOW + 10 * SECOND, NOW + 10 * SECOND)).toBe(false);
    expect(proofs.isFirstUse('new', NOW + 11 * SECOND, NOW + 11 * SECOND)).toBe(true);
  });
});

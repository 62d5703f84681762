import fc from 'fast-check';
import { replicaAge } from '../../src/replica/replica-age.ts';

describe('The age of a replica', () => {
  it('is infinite until the replica has reached an observed position of the publisher', () => {
    const age = replicaAge();
    expect(age.millis(1_000)).toBe(Number.POSITIVE_INFINITY);
    age.publisherWasAt(100n, 1_000);
    age.replicaReached(99n);
    expect(age.millis(2_000)).toBe(Number.POSITIVE_INFINITY);
    age.replicaReached(100n);
    expect(age.millis(2_500)).toBe(1_500);
  });

  it('is the time since the publisher was at the newest position that the replica has reached', () => {
    const age = replicaAge();
    age.publisherWasAt(100n, 1_000);
    age.publisherWasAt(200n, 2_000);
    age.publisherWasAt(300n, 3_000);
    age.replicaReached(250n);
    expect(age.millis(10_000)).toBe(8_000);
    age.replicaReached(1_000n);
    expect(age.millis(10_000)).toBe(7_000);
  });

  it('stays low while an idle publisher is observed, and grows when the publisher is lost', () => {
    const age = replicaAge();
    for (let second = 1; second <= 60; second++) {
      age.publisherWasAt(100n, second * 1_000);
      age.replicaReached(100n);
    }
    expect(age.millis(60_500)).toBe(500);
    expect(age.millis(90_000)).toBe(30_000);
  });

  it('behind an idle publisher, is the time since the publisher was last observed at the replica’s position', () => {
    const age = replicaAge();
    age.publisherWasAt(100n, 1_000);
    age.replicaReached(100n);
    for (let second = 2; second <= 20; second++) age.publisherWasAt(200n, second * 1_000);
    expect(age.millis(20_000)).toBe(19_000);
    age.replicaReached(200n);
    expect(age.millis(20_000)).toBe(0);
  });

  it('is infinite when the publisher is at an earlier position than before, until the replica reaches that position', () => {
    const age = replicaAge();
    age.publisherWasAt(1_000n, 1_000);
    age.replicaReached(1_000n);
    age.publisherWasAt(400n, 2_000);
    expect(age.millis(2_500)).toBe(Number.POSITIVE_INFINITY);
    age.replicaReached(399n);
    expect(age.millis(2_500)).toBe(Number.POSITIVE_INFINITY);
    age.replicaReached(400n);
    expect(age.millis(2_500)).toBe(500);
  });

  it('is never too low, however long the replica was behind', () => {
    const step = fc.record({ written: fc.nat(3), applied: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3_000, size: 'max' }), (steps) => {
        const age = replicaAge();
        const observations: { position: number; atMillis: number }[] = [];
        let [publisher, replica] = [0, 0];
        for (const [second, { written, applied }] of steps.entries()) {
          const atMillis = second * 1_000;
          observations.push({ position: publisher, atMillis });
          age.publisherWasAt(BigInt(publisher), atMillis);
          replica = Math.min(publisher, replica + (second % 7 === 0 ? applied : 0));
          age.replicaReached(BigInt(replica));
          const newest = observations.findLast(({ position }) => position <= replica)!;
          expect(age.millis(atMillis)).toBeGreaterThanOrEqual(atMillis - newest.atMillis);
          publisher += written;
        }
      }),
      { numRuns: 20 },
    );
  });
});

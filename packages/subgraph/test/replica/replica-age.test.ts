import fc from 'fast-check';
import { replicaAge } from '../../src/replica/replica-age.ts';

describe('The age of a replica', () => {
  it('is not known before the replica has reached a place where the publisher was seen', () => {
    const age = replicaAge();
    expect(age.millis(1_000)).toBe(Number.POSITIVE_INFINITY);
    age.publisherWasAt(100n, 1_000);
    age.replicaReached(99n);
    expect(age.millis(2_000)).toBe(Number.POSITIVE_INFINITY);
    age.replicaReached(100n);
    expect(age.millis(2_500)).toBe(1_500);
  });

  it('is the time since the publisher was at the newest place that the replica has reached', () => {
    const age = replicaAge();
    age.publisherWasAt(100n, 1_000);
    age.publisherWasAt(200n, 2_000);
    age.publisherWasAt(300n, 3_000);
    age.replicaReached(250n);
    expect(age.millis(10_000)).toBe(8_000);
    age.replicaReached(1_000n);
    expect(age.millis(10_000)).toBe(7_000);
  });

  it('does not grow while the publisher is at rest, and grows from its last sight when it is lost', () => {
    const age = replicaAge();
    for (let second = 1; second <= 60; second++) {
      age.publisherWasAt(100n, second * 1_000);
      age.replicaReached(100n);
    }
    expect(age.millis(60_500)).toBe(500);
    expect(age.millis(90_000)).toBe(30_000);
  });

  it('of one behind a publisher at rest is counted from when the publisher was last seen there', () => {
    const age = replicaAge();
    age.publisherWasAt(100n, 1_000);
    age.replicaReached(100n);
    for (let second = 2; second <= 20; second++) age.publisherWasAt(200n, second * 1_000);
    expect(age.millis(20_000)).toBe(19_000);
    age.replicaReached(200n);
    expect(age.millis(20_000)).toBe(0);
  });

  it('is not known any more when the publisher is back at an earlier place, and known again from there', () => {
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

  it('is never too low, however long the replica was away', () => {
    const step = fc.record({ written: fc.nat(3), applied: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3_000, size: 'max' }), (steps) => {
        const age = replicaAge();
        const seen: { position: number; atMillis: number }[] = [];
        let [publisher, replica] = [0, 0];
        for (const [second, { written, applied }] of steps.entries()) {
          const atMillis = second * 1_000;
          seen.push({ position: publisher, atMillis });
          age.publisherWasAt(BigInt(publisher), atMillis);
          replica = Math.min(publisher, replica + (second % 7 === 0 ? applied : 0));
          age.replicaReached(BigInt(replica));
          const newest = seen.findLast(({ position }) => position <= replica)!;
          expect(age.millis(atMillis)).toBeGreaterThanOrEqual(atMillis - newest.atMillis);
          publisher += written;
        }
      }),
      { numRuns: 20 },
    );
  });
});

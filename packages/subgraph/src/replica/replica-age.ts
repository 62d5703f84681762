/**
 * How old a replica is, told without a clock of the publisher and without writing to it: the publisher's position in its log is
 * noted with our own time, and the replica is as young as the newest of those positions that it has reached.
 */
export interface ReplicaAge {
  /** @param atMillis our time before the publisher was asked for its position */
  publisherWasAt(position: bigint, atMillis: number): void;
  replicaReached(position: bigint): void;
  /** Milliseconds since the replica was last known to have all that the publisher had; Infinity before that was known. */
  millis(nowMillis: number): number;
}

/** A position a second for longer than any limit may be. */
const KEPT_SAMPLES = 1_000;

export function replicaAge(): ReplicaAge {
  const ahead: { position: bigint; atMillis: number }[] = [];
  let knownAtMillis = Number.NEGATIVE_INFINITY;
  let newestPosition = 0n;
  return {
    publisherWasAt(position, atMillis) {
      // Another server took the publisher's place, or it lost what it had not yet put on its disk: nothing noted holds.
      if (position < newestPosition) {
        ahead.length = 0;
        knownAtMillis = Number.NEGATIVE_INFINITY;
      }
      newestPosition = position;
      const newest = ahead.at(-1);
      // A publisher at rest stays where it is: to reach that place later is to be as young as its last sight.
      if (newest?.position === position) newest.atMillis = atMillis;
      else ahead.push({ position, atMillis });
      // Without the oldest ones a replica that catches up is taken for older than it is, never for younger.
      if (ahead.length > KEPT_SAMPLES) ahead.shift();
    },
    replicaReached(position) {
      while (ahead[0] && ahead[0].position <= position) knownAtMillis = ahead.shift()!.atMillis;
    },
    millis: (nowMillis) => nowMillis - knownAtMillis,
  };
}

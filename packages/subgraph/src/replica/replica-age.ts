/**
 * Age of a replica, measured without the publisher's clock and without a write. We note the publisher's position in its log together
 * with our own time. The age counts from the newest noted position that the replica has reached.
 */
export interface ReplicaAge {
  /** @param atMillis our time before the request for the position */
  publisherWasAt(position: bigint, atMillis: number): void;
  replicaReached(position: bigint): void;
  /** Milliseconds since the replica last had everything of the publisher; Infinity before the first proof of that. */
  millis(nowMillis: number): number;
}

/** With one sample a second, this covers more than the longest limit (900 s). */
const KEPT_SAMPLES = 1_000;

export function replicaAge(): ReplicaAge {
  const ahead: { position: bigint; atMillis: number }[] = [];
  let knownAtMillis = Number.NEGATIVE_INFINITY;
  let newestPosition = 0n;
  return {
    publisherWasAt(position, atMillis) {
      // Another server replaced the publisher, or the publisher lost unflushed changes: the notes are worthless.
      if (position < newestPosition) {
        ahead.length = 0;
        knownAtMillis = Number.NEGATIVE_INFINITY;
      }
      newestPosition = position;
      const newest = ahead.at(-1);
      // An idle publisher stays at its position: a replica that reaches it is as young as the newest sample.
      if (newest?.position === position) newest.atMillis = atMillis;
      else ahead.push({ position, atMillis });
      // Without the oldest samples a replica that catches up seems older than it is, never younger.
      if (ahead.length > KEPT_SAMPLES) ahead.shift();
    },
    replicaReached(position) {
      while (ahead[0] && ahead[0].position <= position) knownAtMillis = ahead.shift()!.atMillis;
    },
    millis: (nowMillis) => nowMillis - knownAtMillis,
  };
}

/** Remembers the DPoP proofs that were used, so that each works once (RFC 9449 section 11.1). */
export interface ProofMemory {
  /**
   * Remembers a proof.
   *
   * @param id the same for the same proof; it holds neither the key nor the `jti` in clear
   * @param issuedAtMillis its `iat`
   * @param now milliseconds since 1970
   * @returns false if the proof was used before, or if that is not known
   */
  isFirstUse(id: string, issuedAtMillis: number, now: number): boolean | Promise<boolean>;
}

/**
 * Remembers proofs in this process. When it is full, it forgets the oldest proof, and takes no proof any more that may be
 * as old: a flood of proofs makes the time to use a proof shorter, and lets none work twice.
 *
 * @param maxAgeMillis the age at which the verifier refuses every proof
 * @param toleranceMillis how far in the future `iat` may be
 */
export function memoryProofs(maxAgeMillis: number, toleranceMillis: number, maxProofs = 100_000): ProofMemory {
  /** The time of use, in the order of use. */
  const usedAt = new Map<string, number>();
  let forgottenUntil = Number.NEGATIVE_INFINITY;

  function forgetOldest(now: number): void {
    for (const [id, time] of usedAt) {
      const isOutdated = now - time > maxAgeMillis + toleranceMillis;
      if (!isOutdated && usedAt.size < maxProofs) return;
      if (!isOutdated) forgottenUntil = Math.max(forgottenUntil, time);
      usedAt.delete(id);
    }
  }

  return {
    isFirstUse(id, issuedAtMillis, now) {
      forgetOldest(now);
      if (usedAt.has(id) || issuedAtMillis <= forgottenUntil + toleranceMillis) return false;
      usedAt.set(id, now);
      return true;
    },
  };
}

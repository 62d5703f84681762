import { setTimeout as sleep } from 'node:timers/promises';
import { ContradictionError } from '../contradiction-error.ts';
import { createWitnessClient, type ProveSince, type Witness } from './witness-client.ts';

/** Time that the other witnesses have once enough of them have cosigned. */
const GRACE_MILLIS = 100;

/** Gathers the cosignatures without which a checkpoint does not count. */
export interface Quorum {
  /**
   * Asks every witness, and waits no longer for the others than it must once enough have cosigned.
   *
   * @returns the note with the cosignatures that came
   * @throws ContradictionError when a witness has seen another history, now or in an earlier call: only a new process forgets it;
   *   Error when fewer witnesses than the quorum cosigned
   */
  cosign(note: string, size: number, proveSince: ProveSince): Promise<string>;
}

/** @param least how many witnesses must cosign; 0 with no witness */
export function createQuorum(witnesses: readonly Witness[], least: number): Quorum {
  const clients = witnesses.map(createWitnessClient);
  let contradiction: ContradictionError | undefined;
  return {
    async cosign(note, size, proveSince) {
      if (contradiction) throw contradiction;
      const lines: string[] = [];
      const reasons: string[] = [];
      const enough = Promise.withResolvers<void>();
      if (least === 0) enough.resolve();
      const asked = clients.map(async (client) => {
        try {
          lines.push(await client.cosign(note, size, proveSince));
          if (lines.length === least) enough.resolve();
        } catch (error) {
          if (error instanceof ContradictionError) contradiction ??= error;
          reasons.push((error as Error).message);
        }
      });
      await Promise.race([Promise.all(asked), enough.promise.then(() => sleep(GRACE_MILLIS))]);
      if (contradiction) throw contradiction;
      if (lines.length < least)
        throw new Error(`${lines.length} of ${witnesses.length} witnesses cosigned, ${least} must: ${reasons.join('; ')}`); // prettier-ignore
      return note + lines.join('');
    },
  };
}

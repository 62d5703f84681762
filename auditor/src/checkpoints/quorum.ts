import { createWitnessClient, ForkError, type ProveSince, type Witness } from './witness-client.ts';

/** Gathers the cosignatures without which a checkpoint does not count. */
export interface Quorum {
  /**
   * @returns the note with the cosignatures of every witness that gave one
   * @throws ForkError when a witness has seen another history; Error when fewer witnesses than the quorum cosigned
   */
  cosign(note: string, size: number, proveSince: ProveSince): Promise<string>;
}

/** @param least how many witnesses must cosign; 0 with no witness */
export function createQuorum(witnesses: readonly Witness[], least: number): Quorum {
  const clients = witnesses.map(createWitnessClient);
  return {
    async cosign(note, size, proveSince) {
      const results = await Promise.allSettled(clients.map((client) => client.cosign(note, size, proveSince)));
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
      const fork = reasons.find((reason) => reason instanceof ForkError);
      if (fork) throw fork;
      const lines = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      if (lines.length < least)
        throw new Error(`${lines.length} of ${witnesses.length} witnesses cosigned, ${least} must: ${reasons.map(({ message }) => message).join('; ')}`); // prettier-ignore
      return note + lines.join('');
    },
  };
}

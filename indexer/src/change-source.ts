import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { FollowMode } from '@pessoa/search-index/movimentacao-index';
import type { Totals } from './index-totals.ts';

/** A change of one posting. Of two changes of the same posting, the later has the higher `version`. */
export type Change =
  | { readonly version: number; readonly row: MovimentacaoLinha }
  /** The posting was deleted, or moved to another CPF. */
  | { readonly version: number; readonly removed: { readonly id: string; readonly cpf: string | null } };

export interface ChangePage {
  readonly changes: readonly Change[];
  /** The position from which to follow once the index has this page and all pages before it. */
  readonly position: string;
  /** This page and the pages before it have all changes committed before this instant; undefined if that is not known. */
  readonly upToDateAt: Date | undefined;
}

/** The first rows of a new index, and the position from which to follow once it has them. */
export interface Beginning {
  readonly position: string;
  copy(signal: AbortSignal): AsyncIterable<ChangePage>;
}

/**
 * Reads the changes of the postings of Base C. Each committed change comes at least once, in pages, each time with the same
 * `version`. Methods throw the errors of Base C. After an error, follow again from the last position.
 */
export interface ChangeSource {
  readonly mode: FollowMode;
  /** True if two changes of one posting may have the same `version`. Then pages must be written one after the other. */
  readonly isOrdered: boolean;
  /**
   * Checks that Base C has what this mode of following needs.
   *
   * @returns warnings about slow queries, with the statements that mend them
   * @throws ConfigError naming what Base C lacks
   */
  check(): Promise<readonly string[]>;
  /** @returns why an index at that position cannot follow Base C any more, as texts; empty if it can */
  faults(index: string, position: string): Promise<readonly string[]>;
  /** Prepares to follow with a new index. */
  begin(index: string): Promise<Beginning>;
  /**
   * Yields pages until `signal`. Without changes it yields empty pages now and then, with a later `upToDateAt`.
   * @throws RebuildNeeded when changes may have been missed
   */
  follow(index: string, position: string, signal: AbortSignal): AsyncIterable<ChangePage>;
  /**
   * Versions for writing these postings to the index as a later read finds them. A change that the read does not show has a higher
   * version. Deleted postings may have no version.
   * @param position the stored position of the index
   * @throws RebuildNeeded when the versions cannot be compared with those of the index
   */
  versionsOf(ids: readonly string[], index: string, position: string): Promise<ReadonlyMap<string, number>>;
  /** The highest version such that no change will get this version or a lower one; undefined if Base C has no versions. */
  settledVersion(position: string): number | undefined;
  /** Counts the postings of Base C. With `maxVersion`, counts those up to that version, and sums their versions. */
  count(maxVersion: number | undefined, signal: AbortSignal): Promise<Totals>;
  /** Tells Base C that the index has stored everything before `position`, so that Base C may discard its log. */
  acknowledge(position: string): void;
  /** Releases what Base C keeps for a removed index. */
  forget(index: string): Promise<void>;
  /** Releases what Base C keeps for every index of the alias, except these. */
  forgetOthers(keptIndexes: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The index cannot be brought up to date: a new one must be built. */
export class RebuildNeeded extends Error {}

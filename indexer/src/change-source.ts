import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { FollowMode } from '@pessoa/search-index/movimentacao-index';
import type { Totals } from './index-totals.ts';

/** What happened to one posting. Of two changes of the same posting the one with the higher `versao` is the later. */
export type Change =
  | { readonly versao: number; readonly linha: MovimentacaoLinha }
  /** It is gone, or its CPF has become another. */
  | { readonly versao: number; readonly removida: { readonly id: string; readonly cpf: string | null } };

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Where to go on from, once the index has these changes and those of every page before. */
  readonly posicao: string;
  /** All that Base C had committed before this instant is in this page or before it. Undefined: not known yet. */
  readonly emDia: Date | undefined;
}

/** A new index's first rows, and where to follow from once they are in it. */
export interface Beginning {
  readonly posicao: string;
  copy(signal: AbortSignal): AsyncIterable<ChangePage>;
}

/**
 * The changes of Base C's postings, which it only reads. Every committed change comes at least once, in pages; what comes
 * twice has the same `versao`. A failure of Base C is thrown, and following goes on from a position that was reached.
 */
export interface ChangeSource {
  readonly modo: FollowMode;
  /** True when changes of one posting may have the same `versao`: then pages are written one after the other. */
  readonly isOrdered: boolean;
  /**
   * @returns what makes following slow, with the statement that mends it
   * @throws ConfigError when Base C does not offer what this way of following needs, and names it
   */
  check(): Promise<readonly string[]>;
  /** What keeps an index at that position from being followed, in words; empty when nothing does. */
  faults(indice: string, posicao: string): Promise<readonly string[]>;
  /** Gets ready for a new index. */
  begin(indice: string): Promise<Beginning>;
  /**
   * Without end, until `signal`; an empty page now and then, so that `emDia` moves on.
   * @throws RebuildNeeded when what was missed cannot be had any more
   */
  follow(indice: string, posicao: string, signal: AbortSignal): AsyncIterable<ChangePage>;
  /**
   * Versions with which these postings may be written to the index as they are read after this; of those that are gone there may
   * be none. A change that such a reading does not show yet has a higher one.
   * @param posicao of the index, as it was written down
   * @throws RebuildNeeded when they cannot be compared with those in the index any more
   */
  versionsOf(ids: readonly string[], indice: string, posicao: string): Promise<ReadonlyMap<string, number>>;
  /** The highest version up to which no posting gets one any more; undefined where Base C knows no versions. */
  settled(posicao: string): number | undefined;
  /** Postings of Base C now; where `upTo` is given, those of versions up to there, and the sum of these. */
  count(upTo: number | undefined, signal: AbortSignal): Promise<Totals>;
  /** The index has everything up to there for good: Base C need not keep it for us. */
  acknowledge(posicao: string): void;
  /** Gives up whatever Base C keeps for an index that is gone. */
  forget(indice: string): Promise<void>;
  /** The same for all indexes of our alias but these. */
  forgetOthers(kept: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The index cannot be brought up to date: another one must be built. */
export class RebuildNeeded extends Error {}

/** How far a list is counted; beyond it `totalCount` stays here and `totalExato` is false. */
export const TOTAL_MAX = 10_000;

/** Resolvers of a connection's total: nothing is counted unless one of them is asked. */
export interface Total {
  readonly totalCount: () => Promise<number>;
  readonly totalExato: () => Promise<boolean>;
}

/** @param count counts at least one past TOTAL_MAX, where there are so many; asked again it answers from memory */
export const totalOf = (count: () => Promise<number>): Total => ({
  totalCount: async () => Math.min(await count(), TOTAL_MAX),
  totalExato: async () => (await count()) <= TOTAL_MAX,
});

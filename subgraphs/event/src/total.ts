/** Lists are counted up to here. For a longer list `totalCount` is this number and `totalExato` is false. */
export const TOTAL_MAX = 10_000;

/** Resolvers of a connection's total. Nothing is counted unless a client asks for one of them. */
export interface Total {
  readonly totalCount: () => Promise<number>;
  readonly totalExato: () => Promise<boolean>;
}

/**
 * @param count must count to at least TOTAL_MAX + 1. It is called once for each field and should remember its answer.
 */
export const totalOf = (count: () => Promise<number>): Total => ({
  totalCount: async () => Math.min(await count(), TOTAL_MAX),
  totalExato: async () => (await count()) <= TOTAL_MAX,
});

/** Every quota begins a new window this long after its first use. */
export const WINDOW_SECONDS = 60;

export const quotaNames = ['requests', 'people', 'cost'] as const;

/** What is counted of each client: its requests, the distinct CPFs it asks for, and the cost of its operations. */
export type QuotaName = (typeof quotaNames)[number];

/** The most of each in a window; undefined is no limit. */
export type Quotas = Readonly<Record<QuotaName, number | undefined>>;

/** The units of the counts, for the header `RateLimit-Policy`. The draft registers only those of requests and bytes. */
export const quotaUnits: Readonly<Record<QuotaName, string>> = {
  requests: 'requests',
  people: 'people',
  cost: 'points',
};

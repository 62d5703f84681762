/** What happens to a part: it is killed and started again, suspended, late, damaged, or ended in good order and started again. */
export const faults = ['stop', 'pause', 'slow', 'garble', 'restart'] as const;
export type Fault = (typeof faults)[number];

/** A process that only clients, or nobody, call through no relay of ours. */
const WITHOUT_RELAY = ['stop', 'pause', 'restart'] as const satisfies readonly Fault[];

/** The engines and processes of the system, each with the faults that can be made. */
export const faultsOf = {
  'base-a': faults,
  'base-b': faults,
  'base-c': faults,
  audit: faults,
  redis: faults,
  elasticsearch: faults,
  debt: faults,
  score: faults,
  event: faults,
  indexer: WITHOUT_RELAY,
  auditor: WITHOUT_RELAY,
  router: WITHOUT_RELAY,
} as const satisfies Readonly<Record<string, readonly Fault[]>>;

export type Part = keyof typeof faultsOf;
export const parts = Object.keys(faultsOf) as readonly Part[];

/** One part, disturbed in one way. */
export interface Turn {
  readonly part: Part;
  readonly fault: Fault;
}

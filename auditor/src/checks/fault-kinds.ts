/**
 * What a check found. `changed`: a record differs from its entry. `removed`: it is gone. `unplaced`: it has no place and waits for
 * none. `erased`: its content is gone, and no erasure that is due allows that. `tile`: an entry is not what the tree holds. `lost`: it waits for a place although it is gone. `misdated`: it was committed at
 * another time than it says. `unchained`: it got its place in no person's chain. `person`: it is in the chain of another. `chain`: it does
 * not follow from the one before in its chain. `map`: the map does not end a chain with it.
 * `seal`: it is that of a decision on a seal which is not there, or a decision that is there has no record which says the same.
 */
export const faultKinds = [
  'changed', 'removed', 'unplaced', 'erased', 'tile', 'lost', 'misdated', 'unchained', 'person', 'chain', 'map',
  'seal',
] as const; // prettier-ignore
export type FaultKind = (typeof faultKinds)[number];
export type FaultCounts = Readonly<Record<FaultKind, number>>;

export const countsOf = (count: (kind: FaultKind) => number): FaultCounts =>
  Object.fromEntries(faultKinds.map((kind) => [kind, count(kind)])) as Record<FaultKind, number>;

export const NO_FAULTS: FaultCounts = countsOf(() => 0);

/** Kinds that are found when a record gets its place, and counted since the process started: no later check finds them again. */
export const kindsAtPlacing = ['misdated', 'unchained'] as const;

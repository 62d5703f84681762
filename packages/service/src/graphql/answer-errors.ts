import type { GraphQLFormattedError } from 'graphql';

export type Path = readonly (string | number)[];

interface Place {
  /** Distinct, and few: they are of a closed table. */
  readonly here: unknown[];
  /** Of this place and of all under it. */
  readonly below: unknown[];
  inner: Map<string | number, Place> | undefined;
}

const newPlace = (): Place => ({ here: [], below: [], inner: undefined });

const addTo = (codes: unknown[], code: unknown): void => {
  if (!codes.includes(code)) codes.push(code);
};

/** The codes of an answer's errors by where they are, read once an answer. */
export class AnswerErrors {
  readonly #root: Place = newPlace();

  constructor(errors: readonly GraphQLFormattedError[]) {
    for (const { path, extensions } of errors) if (path) this.#add(path, extensions?.['code']);
  }

  #add(path: Path, code: unknown): void {
    let place = this.#root;
    addTo(place.below, code);
    for (const step of path) {
      place.inner ??= new Map();
      let inner = place.inner.get(step);
      if (!inner) place.inner.set(step, (inner = newPlace()));
      addTo(inner.below, code);
      place = inner;
    }
    addTo(place.here, code);
  }

  /** Codes of the errors that lead to this path or past it: a null that is not allowed takes its parents along. */
  codesAt(path: Path): readonly unknown[] {
    let place: Place | undefined = this.#root;
    const codes: unknown[] = [...place.here];
    for (const step of path) {
      place = place.inner?.get(step);
      if (!place) return codes;
      codes.push(...place.here);
    }
    return [...codes, ...place.below];
  }
}

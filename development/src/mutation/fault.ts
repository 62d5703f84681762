/** A small fault such as a tired engineer makes: another text in the place of one passage of one file. */
export interface Fault {
  /** One sentence on what goes wrong. */
  readonly description: string;
  /** Path from the project's root. */
  readonly file: string;
  /** A passage that the file has exactly once. */
  readonly from: string;
  readonly to: string;
  /** Paths of the suites of that code, as arguments of jest. */
  readonly suites: readonly string[];
  /** Why no suite can notice it. Such a fault is planted too, and must stay unnoticed. */
  readonly survivesBecause?: string;
}

/** Faults by the part of the system that they break. */
export type FaultsByArea = Readonly<Record<string, readonly Fault[]>>;

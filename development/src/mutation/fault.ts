/** A small fault, as a tired engineer would make it: one passage of one file, written otherwise. */
export interface Fault {
  /** What goes wrong, in one sentence. */
  readonly says: string;
  /** From the project's root. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** Paths of the suites that stand beside the code, as jest takes them. */
  readonly suites: readonly string[];
  /** Why no suite can notice it; such a fault is planted all the same, and must stay unnoticed. */
  readonly survivesBecause?: string;
}

/** The faults of one part of the system, by its name. */
export type FaultsByArea = Readonly<Record<string, readonly Fault[]>>;

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A fictitious person whose data make one situation. */
export interface ListedPerson {
  readonly cpf: string;
  /** Null: no base has a name for this CPF. */
  readonly nome: string | null;
  /** In Portuguese. */
  readonly situacao: string;
  readonly consentimento: 'vigente' | 'vencido';
}

/** What the embedded bases were filled with, kept beside them. */
export interface Demonstration {
  readonly pessoas: number;
  readonly seed: number;
  /** The day its dates are relative to. */
  readonly hoje: string;
  /** Somebody with debts, score and events of every kind. */
  readonly exemplo: string;
  /** The people to try that were loaded. */
  readonly paraExperimentar: readonly ListedPerson[];
  /** Of the bases right after the load; another one says that somebody has worked on them since. */
  readonly fingerprint: string;
}

const fileIn = (home: string): string => join(home, 'demonstration.json');

export const readDemonstration = (home: string): Promise<Demonstration | undefined> =>
  readFile(fileIn(home), 'utf8').then(
    (text) => JSON.parse(text) as Demonstration,
    () => undefined,
  );

export async function writeDemonstration(home: string, demonstration: Demonstration): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(fileIn(home), JSON.stringify(demonstration, null, 2));
}

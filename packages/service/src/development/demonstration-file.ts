import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readWhole, writeWhole } from '../processes/kept-file.ts';

/** A fictitious person whose data make one situation. */
const listedPerson = z.object({
  cpf: z.string(),
  /** Null: no base has a name for this CPF. */
  nome: z.string().nullable(),
  /** In Portuguese. */
  situacao: z.string(),
  consentimento: z.enum(['vigente', 'vencido']),
});

const demonstration = z.object({
  pessoas: z.number(),
  seed: z.number(),
  /** The day its dates are relative to. */
  hoje: z.string(),
  /** Somebody with debts, score and events of every kind. */
  exemplo: z.string(),
  /** The people to try that were loaded; of another version, none that count. */
  paraExperimentar: z.array(listedPerson.readonly()).readonly().catch([]),
  /** Of the bases right after the load; another one says that somebody has worked on them since. */
  fingerprint: z.string(),
});

export type ListedPerson = Readonly<z.infer<typeof listedPerson>>;

/** What the embedded bases were filled with, kept beside them. */
export type Demonstration = Readonly<z.infer<typeof demonstration>>;

const fileIn = (home: string): string => join(home, 'demonstration.json');

export const readDemonstration = (home: string): Promise<Demonstration | undefined> =>
  readWhole(fileIn(home), demonstration, 'remove it and the people are taken for those of somebody else, and kept');

export async function writeDemonstration(home: string, written: Demonstration): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeWhole(fileIn(home), JSON.stringify(written, null, 2));
}

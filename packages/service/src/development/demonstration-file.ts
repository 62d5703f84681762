import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeAtomically } from '../processes/atomic-file.ts';

/** A fictitious person to try, whose data show one situation. */
const listedPerson = z.object({
  cpf: z.string(),
  /** Null when no base knows this CPF. */
  nome: z.string().nullable(),
  /** The situation, in Portuguese. */
  situacao: z.string(),
  consentimento: z.enum(['vigente', 'vencido']),
});

const demonstration = z.object({
  pessoas: z.number(),
  seed: z.number(),
  /** The day on which the seed is based: its dates are relative to this day. */
  hoje: z.string(),
  /** The CPF of somebody with debts, score and events of every kind. */
  exemplo: z.string(),
  /** The people to try; empty when another version wrote the list in another form. */
  paraExperimentar: z.array(listedPerson.readonly()).readonly().catch([]),
  /** A fingerprint of the bases right after the load. A different one means that somebody has changed them since. */
  fingerprint: z.string(),
});

export type ListedPerson = Readonly<z.infer<typeof listedPerson>>;

/** A description of the data that the embedded bases were filled with. It is stored beside them. */
export type Demonstration = Readonly<z.infer<typeof demonstration>>;

const fileIn = (home: string): string => join(home, 'demonstration.json');

export const readDemonstration = (home: string): Promise<Demonstration | undefined> =>
  readJsonFile(fileIn(home), demonstration, 'if you remove it, the data count as your own and are not replaced');

export async function writeDemonstration(home: string, content: Demonstration): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeAtomically(fileIn(home), JSON.stringify(content, null, 2));
}

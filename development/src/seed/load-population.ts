import type { Data } from '@pessoa/domain/data';
import { type BaseName, baseNames, type PerBase, perBase } from '@pessoa/domain/services';
import { copyLines } from '@pessoa/operations/postgres/copy-rows';
import { beginBulkLoad } from './bulk-load.ts';
import type { BulkLoad } from './bulk-load.ts';
import { fictitiousPerson } from './population/fictitious-person.ts';
import type { FictitiousPerson } from './population/rows.ts';
import { credorTable, filledTables, seedTables } from './tables.ts';

/** Owner connection strings of the bases. */
export type BaseUrls = PerBase<string>;

const PEOPLE_PER_CHUNK = 50;

export interface PopulationOptions {
  /** The number of people. The first N people of a seed are always the same. */
  readonly pessoas: number;
  /** The day to which all dates are relative. */
  readonly hoje: Data;
  readonly seed: number;
  /** Additional people, loaded first. Their CPFs must not be in the population. Default: nobody. */
  readonly paraExperimentar?: readonly FictitiousPerson[];
  /** Called while people are loaded, and once when the creation of keys and indexes begins, which takes about as long. */
  readonly onProgress?: (progress: PopulationProgress) => void;
}

export interface PopulationProgress {
  readonly pessoas: number;
  readonly indexing: boolean;
}

/** The lines of 50 people at most, for each table of each base, in the order of `seedTables`. */
type Chunk = PerBase<Buffer[]>;

const peopleOf = (from: number, to: number, { seed, hoje }: PopulationOptions): FictitiousPerson[] =>
  Array.from({ length: to - from }, (_, offset) => fictitiousPerson(from + offset, seed, hoje));

function chunkOf(people: readonly FictitiousPerson[]): Chunk {
  // Each person's text becomes bytes at once: one string for the whole chunk would be a rope of half a million pieces,
  // and its garbage collection would take longer than all other work.
  const linesOf = (base: BaseName): Buffer[] =>
    seedTables[base].map((table) => Buffer.concat(people.map((person) => Buffer.from(table.lines(person)))));
  return perBase(linesOf);
}

async function writeChunk(load: BulkLoad, base: BaseName, lines: readonly Buffer[]): Promise<void> {
  for (const [position, target] of seedTables[base].entries()) {
    const bytes = lines[position];
    if (bytes?.length) await copyLines(load.client, { ...target, freeze: true }, bytes);
  }
}

/**
 * Replaces the data of the three bases by a fictitious population. Each base has one transaction. The three are written at
 * the same time, and the next people are generated while the previous ones are written.
 */
export async function loadPopulation(urls: BaseUrls, options: PopulationOptions): Promise<void> {
  const { pessoas, paraExperimentar = [], onProgress = () => {} } = options;
  const startedLoads = await Promise.allSettled(baseNames.map((base) => beginBulkLoad(urls[base], filledTables[base])));
  const loads = startedLoads.flatMap((load) => (load.status === 'fulfilled' ? [load.value] : []));
  try {
    for (const load of startedLoads) if (load.status === 'rejected') throw load.reason;
    const [baseA] = loads as [BulkLoad];
    await copyLines(baseA.client, { ...credorTable, freeze: true }, Buffer.from(credorTable.lines));
    const write = (chunk: Chunk): Promise<unknown> =>
      Promise.all(baseNames.map((base, position) => writeChunk(loads[position] as BulkLoad, base, chunk[base])));
    let currentWrite = write(chunkOf(paraExperimentar));
    for (let from = 0; from < pessoas; from += PEOPLE_PER_CHUNK) {
      const chunk = chunkOf(peopleOf(from, Math.min(from + PEOPLE_PER_CHUNK, pessoas), options));
      await currentWrite;
      onProgress({ pessoas: from, indexing: false });
      currentWrite = write(chunk);
    }
    await currentWrite;
    onProgress({ pessoas, indexing: true });
    await Promise.all(loads.map((load) => load.commit()));
  } finally {
    await Promise.all(loads.map((load) => load.close()));
  }
}

import type { Data } from '@pessoa/domain/data';
import { type Base, baseNames, type PerBase, perBase } from '@pessoa/domain/services';
import { copyLines } from '@pessoa/operations/postgres/copy-rows';
import { beginBulkLoad } from './bulk-load.ts';
import type { BulkLoad } from './bulk-load.ts';
import { pessoa } from './populacao/pessoa.ts';
import type { PessoaFicticia } from './populacao/rows.ts';
import { credorTable, filledTables, seedTables } from './tables.ts';

/** Owner connection strings of the bases. */
export type BaseUrls = PerBase<string>;

const PEOPLE_PER_CHUNK = 50;

export interface PopulationOptions {
  /** How many people; the first N of the same seed are always the same. */
  readonly pessoas: number;
  /** The day everything is relative to. */
  readonly hoje: Data;
  readonly seed: number;
  /** Loaded before those that are made; none of them has a CPF of the population. Default: nobody. */
  readonly paraExperimentar?: readonly PessoaFicticia[];
  /** Called as people are loaded, and again as keys and indexes are being made, which takes about as long. */
  readonly onProgress?: (progress: PopulationProgress) => void;
}

export interface PopulationProgress {
  readonly pessoas: number;
  readonly indexing: boolean;
}

/** The lines of some people for each table of each base, in the order of `seedTables`. */
type Chunk = PerBase<Buffer[]>;

const peopleOf = (from: number, to: number, { seed, hoje }: PopulationOptions): PessoaFicticia[] =>
  Array.from({ length: to - from }, (_, offset) => pessoa(from + offset, seed, hoje));

function chunkOf(people: readonly PessoaFicticia[]): Chunk {
  // Bytes person by person: one string for the whole chunk would be a rope of half a million pieces, which costs the
  // garbage collector more than everything else together.
  const linesOf = (base: Base): Buffer[] =>
    seedTables[base].map((table) => Buffer.concat(people.map((person) => Buffer.from(table.lines(person)))));
  return perBase(linesOf);
}

async function writeChunk(load: BulkLoad, base: Base, lines: readonly Buffer[]): Promise<void> {
  for (const [position, target] of seedTables[base].entries()) {
    const bytes = lines[position];
    if (bytes?.length) await copyLines(load.client, { ...target, freeze: true }, bytes);
  }
}

/**
 * Replaces everything in the three bases by a fictitious population, in one pass over the people. Each base is one
 * transaction; the three are written side by side, and the next people are made while the last are being written.
 */
export async function loadPopulation(urls: BaseUrls, options: PopulationOptions): Promise<void> {
  const { pessoas, paraExperimentar = [], onProgress = () => {} } = options;
  const opened = await Promise.allSettled(baseNames.map((base) => beginBulkLoad(urls[base], filledTables[base])));
  const loads = opened.flatMap((load) => (load.status === 'fulfilled' ? [load.value] : []));
  try {
    for (const load of opened) if (load.status === 'rejected') throw load.reason;
    const [baseA] = loads as [BulkLoad];
    await copyLines(baseA.client, { ...credorTable, freeze: true }, Buffer.from(credorTable.lines));
    const write = (chunk: Chunk): Promise<unknown> =>
      Promise.all(baseNames.map((base, position) => writeChunk(loads[position] as BulkLoad, base, chunk[base])));
    let writing = write(chunkOf(paraExperimentar));
    for (let from = 0; from < pessoas; from += PEOPLE_PER_CHUNK) {
      const chunk = chunkOf(peopleOf(from, Math.min(from + PEOPLE_PER_CHUNK, pessoas), options));
      await writing;
      onProgress({ pessoas: from, indexing: false });
      writing = write(chunk);
    }
    await writing;
    onProgress({ pessoas, indexing: true });
    await Promise.all(loads.map((load) => load.commit()));
  } finally {
    await Promise.all(loads.map((load) => load.close()));
  }
}

import { parseArgs } from 'node:util';
import { readData, today } from '@pessoa/domain/data';
import type { Clock } from '@pessoa/domain/data';
import { POPULATION_MAX } from './populacao/cpf-sequence.ts';
import type { PopulationOptions } from './load-population.ts';

export const PESSOAS_DEFAULT = 1_000;
export const SEED_DEFAULT = 2026;

const USAGE = 'usage: npm run seed -- [--pessoas N] [--hoje AAAA-MM-DD] [--seed N]';

function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`--${name} is a whole number from ${min} to ${max}\n${USAGE}`);
}

/** @throws Error with the usage when an argument is unknown or not valid */
export function readSeedArguments(args: readonly string[], clock: Clock): PopulationOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { pessoas: { type: 'string' }, hoje: { type: 'string' }, seed: { type: 'string' } },
  });
  const hoje = readData(values.hoje ?? today(clock));
  if (!hoje) throw new Error(`--hoje is a day AAAA-MM-DD\n${USAGE}`);
  return {
    pessoas: wholeNumber(values.pessoas ?? String(PESSOAS_DEFAULT), 'pessoas', 1, POPULATION_MAX),
    hoje,
    seed: wholeNumber(values.seed ?? String(SEED_DEFAULT), 'seed', 0, Number.MAX_SAFE_INTEGER),
  };
}

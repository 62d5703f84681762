import { readData, today } from '@pessoa/domain/data';
import type { Clock } from '@pessoa/domain/data';
import { readArguments, UsageError } from '@pessoa/service/processes/command-line';
import type { PopulationOptions } from './load-population.ts';
import { POPULATION_MAX } from './population/cpf-sequence.ts';

export const PESSOAS_DEFAULT = 1_000;
export const SEED_DEFAULT = 2026;

export const seedCommand = {
  name: 'npm run seed',
  about: 'Replaces everything in the three bases by fictitious people.',
  options: {
    pessoas: {
      type: 'string',
      value: 'N',
      about: `how many people, 1 to ${POPULATION_MAX}; default: ${PESSOAS_DEFAULT}`,
    },
    hoje: { type: 'string', value: 'AAAA-MM-DD', about: 'the day everything is relative to; default: today' },
    seed: { type: 'string', value: 'N', about: `the same number, the same people; default: ${SEED_DEFAULT}` },
  },
} as const;

function readWholeNumber(value: string, name: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new UsageError(`--${name} is a whole number from ${min} to ${max}`);
}

/** @throws UsageError when an argument is unknown or not valid */
export function readSeedArguments(args: readonly string[], clock: Clock): PopulationOptions {
  const { values } = readArguments(seedCommand, args);
  const hoje = readData(values.hoje ?? today(clock));
  if (!hoje) throw new UsageError('--hoje is a day AAAA-MM-DD');
  return {
    pessoas: readWholeNumber(values.pessoas ?? String(PESSOAS_DEFAULT), 'pessoas', 1, POPULATION_MAX),
    hoje,
    seed: readWholeNumber(values.seed ?? String(SEED_DEFAULT), 'seed', 0, Number.MAX_SAFE_INTEGER),
  };
}

import { readSeedArguments } from '@pessoa/development/seed/seed-arguments';
import { fixedClock } from '@pessoa/domain/data';
import { UsageError } from '@pessoa/service/processes/command-line';
import { readImportArguments } from '../../src/import/import-arguments.ts';

describe('arguments of import', () => {
  it("take the kind from the start of the file's name, within the base", () => {
    expect(readImportArguments(['base-a', '/data/dividas-2026.csv']).kind.name).toBe('dividas');
    expect(readImportArguments(['base-b', 'pessoas.csv']).kind).toMatchObject({ base: 'base-b', name: 'pessoas' });
  });

  it('take the kind that is said over the name', () => {
    expect(readImportArguments(['base-c', 'compras.csv', '--tipo', 'consultas']).kind.name).toBe('consultas');
  });

  it('are lenient about refused lines unless told otherwise', () => {
    expect(readImportArguments(['base-a', 'dividas.csv']).isStrict).toBe(false);
    expect(readImportArguments(['base-a', 'dividas.csv', '--estrito']).isStrict).toBe(true);
  });

  it.each([
    [[]],
    [['base-d', 'dividas.csv']],
    [['base-a']],
    [['base-a', 'dividas.csv', 'bens.csv']],
    [['base-a', 'x.csv']],
    [['base-a', 'x.csv', '--tipo', 'bens']],
  ])('show the usage for %j', (args) => expect(() => readImportArguments(args)).toThrow('usage: npm run import'));
});

describe('arguments of seed', () => {
  const clock = fixedClock('2026-11-23T01:30:00Z');

  it('default to a thousand people of today in São Paulo', () => {
    expect(readSeedArguments([], clock)).toEqual({ pessoas: 1_000, hoje: '2026-11-22', seed: 2026 });
  });

  it('take a number of people, a day and a seed', () => {
    expect(readSeedArguments(['--pessoas', '5', '--hoje', '2024-02-29', '--seed', '7'], clock)).toEqual({
      pessoas: 5,
      hoje: '2024-02-29',
      seed: 7,
    });
  });

  it.each([
    ['--pessoas', '0'],
    ['--pessoas', '99999991'],
    ['--pessoas', '1.5'],
    ['--hoje', '2026-02-30'],
    ['--seed', '-1'],
  ])('show the usage for %s %s', (name, value) =>
    expect(() => readSeedArguments([`${name}=${value}`], clock)).toThrow(UsageError),
  );
});

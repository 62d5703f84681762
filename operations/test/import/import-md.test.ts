import { readFileSync } from 'node:fs';
import { importCodes } from '../../src/import/codes.ts';
import { importKinds } from '../../src/import/kinds/kinds.ts';

const page = readFileSync(new URL('../../../docs/import.md', import.meta.url), 'utf8');

/** The cells of the table under a heading. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = page.split(`\n${heading}\n`);
  const table = section.split(/\n#/)[0] as string;
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
}

describe('docs/import.md', () => {
  it('lists every code with its meaning', () => {
    expect(tableUnder('## Codes')).toEqual(Object.entries(importCodes));
  });

  it.each(importKinds.map((kind) => [`${kind.base} ${kind.name}`, kind] as const))(
    'lists the columns of %s',
    (title, kind) => {
      expect(tableUnder(`### ${title}`)).toEqual(
        kind.columns.map(({ name, isRequired, form }) => [name, isRequired ? 'yes' : 'no', form]),
      );
    },
  );
});

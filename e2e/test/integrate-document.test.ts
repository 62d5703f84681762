import { globSync } from 'node:fs';
import { join } from 'node:path';
import { errorHelp } from '@pessoa/domain/error-help';
import { publicErrors } from '@pessoa/domain/errors';
import { finalidades } from '@pessoa/domain/finalidade';
import { escopos, motivos } from '@pessoa/domain/motivo';
import { CPFS_MAX, PAGE_SIZE_MAX } from '@pessoa/domain/paging';
import { variables } from '@pessoa/router/config';
import { documentLimitsDefault } from '@pessoa/service/graphql/document-limits';
import { codeBlocksOf, readDocument, relativeLinksOf, tableRowsOf } from '../src/documents.ts';
import { root } from '../src/started-system.ts';

const [PORTUGUESE, ENGLISH] = ['docs/integrar.md', 'docs/integrate.md'] as const;

/** The rows whose first column is one of these names in code. */
const rowsOf = (file: string, names: readonly string[]): string[][] =>
  tableRowsOf(file).filter(([first]) => names.includes(first!.replaceAll('`', '')));
const namesOf = (file: string, names: readonly string[]): string[] =>
  rowsOf(file, names).map(([first]) => first!.replaceAll('`', ''));

describe('docs/integrar.md and docs/integrate.md', () => {
  it('have the same commands, names in tables and headings', () => {
    expect(codeBlocksOf(PORTUGUESE).length).toBeGreaterThan(5);
    expect(codeBlocksOf(ENGLISH).map(({ text }) => text)).toEqual(codeBlocksOf(PORTUGUESE).map(({ text }) => text));
    const shape = (file: string) =>
      tableRowsOf(file).map((row) => [row.length, /^`[^`]+`$/.test(row[0]!) ? row[0] : '']);
    expect(shape(ENGLISH)).toEqual(shape(PORTUGUESE));
    const ranks = (file: string) => [...readDocument(file).matchAll(/^#+ (\d*)/gm)].map(([rank]) => rank);
    expect(ranks(ENGLISH)).toEqual(ranks(PORTUGUESE));
    const files = (file: string) => relativeLinksOf(file).filter((link) => !/^#|^integr|README/.test(link));
    expect(files(ENGLISH)).toEqual(files(PORTUGUESE));
  });

  it.each([PORTUGUESE, ENGLISH])('%s lists every scope, purpose and reason, and no other', (file) => {
    const purposes = tableRowsOf(file).flatMap(([first]) =>
      /^`[A-Z_]{6,}`$/.test(first!) ? [first!.slice(1, -1)] : [],
    );
    const codes = Object.keys(publicErrors);
    expect(purposes.toSorted()).toEqual([...codes, ...finalidades, ...motivos].toSorted());
    expect(namesOf(file, escopos).toSorted()).toEqual(escopos.toSorted());
  });

  it('says of each code what the table of errors says', () => {
    const codes = Object.entries(publicErrors);
    const names = codes.map(([code]) => code);
    expect(rowsOf(PORTUGUESE, names).map((row) => row.slice(1))).toEqual(
      codes.map(([code, { status }]) => {
        const { causa, cura } = errorHelp[code as keyof typeof publicErrors];
        return [String(status), causa, cura];
      }),
    );
    expect(rowsOf(ENGLISH, names).map((row) => row.slice(1))).toEqual(
      codes.map(([, { status, cause }]) => [String(status), cause, expect.stringMatching(/\.$/)]),
    );
  });

  it.each([PORTUGUESE, ENGLISH])('%s quotes reasons of refused tokens that the sources have', (file) => {
    const sources = globSync('packages/{graphql-jwt-guard,service}/src/**/*.ts', { cwd: root })
      .map((path) => readDocument(path))
      .join('\n');
    const reasons = tableRowsOf(file).flatMap(([first]) => /^`((?:the|a) [a-zA-Z ]+)`$/.exec(first!)?.[1] ?? []);
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => !sources.includes(`'${reason}'`))).toEqual([]);
  });

  it.each([PORTUGUESE, ENGLISH])('%s has the limits that the router has', (file) => {
    const numbers = tableRowsOf(file)
      .filter((row) => /LIMITE_EXCEDIDO|RATE_LIMITED/.test(row[2] ?? '') && row.length === 3)
      .map(([, value]) => Number(value!.replaceAll(/[., ]|KiB/g, '')));
    const defaults = (
      ['RATE_LIMIT_REQUESTS', 'RATE_LIMIT_PEOPLE', 'RATE_LIMIT_COST', 'MAX_OPERATION_COST'] as const
    ).map((name) => variables[name].parse(undefined));
    expect(numbers).toEqual([...defaults, CPFS_MAX, PAGE_SIZE_MAX, 100, documentLimitsDefault.depth]);
  });

  it('names files of examples that exist', () => {
    const named = new Set(readDocument(PORTUGUESE).match(/docs\/examples\/clients\/[\w.-]+/g));
    expect([...named].toSorted()).toEqual(
      globSync('docs/examples/clients/*', { cwd: root })
        .map((path) => join(path))
        .toSorted(),
    );
  });
});

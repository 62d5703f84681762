import { dirname, join } from 'node:path';
import { readDocument, tableRowsOf } from '../src/documents.ts';

const FILE = 'docs/security.md';

/** Rows of the tables whose last column names a test. The first column is empty where a threat has several rows. */
const rows = tableRowsOf(FILE)
  .filter((row) => row.length === 3 && /^\[|^$/.test(row[2]!))
  .map(([threat, measure, proof]) => ({ threat, measure, proof: proof! }));

describe('docs/security.md', () => {
  it('has threats', () => {
    expect(rows.length).toBeGreaterThan(30);
  });

  it.each(rows)('names a test that exists for: $threat $measure', ({ proof }) => {
    const [, title, file] = /^\[(.+)\]\(([^)\s]+\.test\.ts)\)$/.exec(proof) ?? [];
    expect({ title, file }).toEqual({ title: expect.any(String), file: expect.any(String) });
    expect(readDocument(join(dirname(FILE), file!))).toContain(title);
  });
});

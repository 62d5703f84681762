import type { ImportReport } from './import-file.ts';
import type { ImportKind } from './kinds/import-kind.ts';

/** The text that the command prints at the end: the counts, and why lines were refused. */
export function reportText(
  { counts, refusedByCode, refusedFile, noticed, readAs, footers }: ImportReport,
  { notice }: ImportKind,
): string {
  const { read, inserted, updated, unchanged, refused } = counts;
  const lines = [
    `lidas ${read} = inseridas ${inserted} + atualizadas ${updated} + iguais ${unchanged} + recusadas ${refused}`,
  ];
  for (const [code, count] of [...refusedByCode].sort()) lines.push(`  ${code} ${count}`);
  if (refusedFile !== undefined) lines.push(`the refused lines are in ${refusedFile}`);
  if (footers > 0) lines.push(`${footers} lines of totals or repeated headers were skipped`);
  if (readAs.length > 0) lines.push(`read as: ${readAs.join(', ')}`);
  if (notice && noticed > 0) lines.push(`${noticed} ${notice.text}`);
  return lines.join('\n');
}

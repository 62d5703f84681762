import type { ImportReport } from './import-file.ts';
import type { ImportKind } from './kinds/import-kind.ts';

/** What is printed at the end: counts that add up, and what became of the lines that were not loaded. */
export function reportText(
  { counts, refusedByCode, refusedFile, noticed, readAs, footers }: ImportReport,
  { notice }: ImportKind,
): string {
  const { lidas, inseridas, atualizadas, iguais, recusadas } = counts;
  const lines = [
    `lidas ${lidas} = inseridas ${inseridas} + atualizadas ${atualizadas} + iguais ${iguais} + recusadas ${recusadas}`,
  ];
  for (const [code, count] of [...refusedByCode].sort()) lines.push(`  ${code} ${count}`);
  if (refusedFile !== undefined) lines.push(`the refused lines are in ${refusedFile}`);
  if (footers > 0) lines.push(`${footers} lines of totals, or of the header once more, were passed over`);
  if (readAs.length > 0) lines.push(`read as: ${readAs.join(', ')}`);
  if (notice && noticed > 0) lines.push(`${noticed} ${notice.text}`);
  return lines.join('\n');
}

import { stat } from 'node:fs/promises';
import { withAdminUrls } from '../bases.ts';
import { importedPeople } from '../cache/imported-people.ts';
import { startProgress } from '../progress/progress.ts';
import { readImportArguments } from './import-arguments.ts';
import { importFile } from './import-file.ts';
import { reportText } from './report-text.ts';
import type { ImportReport } from './import-file.ts';
import type { ImportKind } from './kinds/import-kind.ts';

const basesByArgument = { 'base-a': 'baseA', 'base-b': 'baseB', 'base-c': 'baseC' } as const;

async function importWithProgress(file: string, kind: ImportKind, connectionString: string): Promise<ImportReport> {
  const { size } = await stat(file);
  const progress = startProgress(`import ${kind.name}`, size, 'bytes');
  const people = kind.base === 'base-a' ? undefined : await importedPeople(process.env);
  try {
    return await importFile({
      file,
      kind,
      connectionString,
      ...(people && { onPeople: people.forget }),
      onProgress: ({ bytesRead, counts }) =>
        progress.update(bytesRead, `${counts.lidas} lines, ${counts.recusadas} refused`),
    });
  } finally {
    progress.stop();
    const notice = await people?.close();
    if (notice !== undefined) console.error(notice);
  }
}

try {
  const { file, kind, strict } = readImportArguments(process.argv.slice(2));
  const base = basesByArgument[kind.base];
  const report = await withAdminUrls([base], (urls) => importWithProgress(file, kind, urls[base]));
  console.log(reportText(report, kind));
  if (strict && report.counts.recusadas > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

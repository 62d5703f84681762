import { stat } from 'node:fs/promises';
import { withAdminUrls } from '../bases.ts';
import { importedPeople } from '../cache/imported-people.ts';
import { startProgress } from '../progress/progress.ts';
import { type ImportArguments, readImportArguments } from './import-arguments.ts';
import { importFile } from './import-file.ts';
import { reportText } from './report-text.ts';
import type { ImportReport } from './import-file.ts';

const basesByArgument = { 'base-a': 'baseA', 'base-b': 'baseB', 'base-c': 'baseC' } as const;

/** Every line was loaded: 0. */
const EXIT = { failed: 1, someRefused: 3 } as const;

async function importWithProgress(
  { file, kind, said }: ImportArguments,
  connectionString: string,
): Promise<ImportReport> {
  const { size } = await stat(file);
  const progress = startProgress(`import ${kind.name}`, size, 'bytes');
  const people = kind.base === 'base-a' ? undefined : await importedPeople(process.env);
  try {
    return await importFile({
      file,
      kind,
      said,
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
  const given = readImportArguments(process.argv.slice(2));
  const { kind, strict } = given;
  const base = basesByArgument[kind.base];
  const report = await withAdminUrls([base], (urls) => importWithProgress(given, urls[base]));
  console.log(reportText(report, kind));
  if (report.counts.recusadas > 0) process.exitCode = strict ? EXIT.failed : EXIT.someRefused;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = EXIT.failed;
}

import { stat } from 'node:fs/promises';
import { baseArgument, baseNames, baseOfArgument } from '@pessoa/domain/services';
import { runCommand } from '@pessoa/service/processes/command-line';
import { withAdminUrls } from '../bases.ts';
import { importedPeople } from '../cache/imported-people.ts';
import { startProgress } from '../progress/progress.ts';
import { type ImportArguments, importOptions, readImportArguments } from './import-arguments.ts';
import { importFile } from './import-file.ts';
import type { ImportReport } from './import-file.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import { importKinds } from './kinds/kinds.ts';

/** The exit code is 0 if every line was loaded. */
const EXIT = { failed: 1, someRefused: 3 } as const;

async function importWithProgress(
  { file, kind, formatOptions }: ImportArguments,
  connectionString: string,
): Promise<ImportReport> {
  const { size } = await stat(file);
  const progress = startProgress(`import ${kind.name}`, size, 'bytes');
  const people = kind.base === 'base-a' ? undefined : await importedPeople(process.env);
  try {
    return await importFile({
      file,
      kind,
      formatOptions,
      connectionString,
      ...(people && { onPeople: people.forget }),
      onProgress: ({ bytesRead, counts }) =>
        progress.update(bytesRead, `${counts.read} lines, ${counts.refused} refused`),
    });
  } finally {
    progress.stop();
    const notice = await people?.close();
    if (notice !== undefined) console.error(notice);
  }
}

/** The text that the command prints at the end: the counts, and why lines were refused. */
function reportText(
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

const command = {
  name: 'npm run import',
  about: 'Loads a file into a base. Refused lines go to FILE.recusadas.csv (docs/import.md).',
  args: 'base-a|base-b|base-c FILE',
  options: importOptions,
  notes: [
    ...baseNames.map(baseArgument).map((base) => {
      const names = importKinds.filter((kind) => kind.base === base).map(({ name }) => name);
      return `${base} has ${names.join(', ')}`;
    }),
    'exit code: 0 all loaded, 3 some lines refused, 1 failed',
  ],
};

await runCommand(command, async (args) => {
  const parsedArguments = readImportArguments(args);
  const { kind, isStrict } = parsedArguments;
  const base = baseOfArgument(kind.base);
  const report = await withAdminUrls([base], (urls) => importWithProgress(parsedArguments, urls[base]));
  console.log(reportText(report, kind));
  if (report.counts.refused > 0) process.exitCode = isStrict ? EXIT.failed : EXIT.someRefused;
});

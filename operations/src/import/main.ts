import { stat } from 'node:fs/promises';
import { baseArgument, baseNames, baseOfArgument } from '@pessoa/domain/services';
import { runCommand } from '@pessoa/service/processes/command-line';
import { withAdminUrls } from '../bases.ts';
import { importedPeople } from '../cache/imported-people.ts';
import { startProgress } from '../progress/progress.ts';
import { type ImportArguments, importOptions, readImportArguments } from './import-arguments.ts';
import { importFile } from './import-file.ts';
import type { ImportReport } from './import-file.ts';
import { importKinds } from './kinds/kinds.ts';
import { reportText } from './report-text.ts';

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

const command = {
  name: 'npm run import',
  about: 'Loads a file into a base. Lines that cannot be taken go to FILE.recusadas.csv (docs/import.md).',
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
  const given = readImportArguments(args);
  const { kind, strict } = given;
  const base = baseOfArgument(kind.base);
  const report = await withAdminUrls([base], (urls) => importWithProgress(given, urls[base]));
  console.log(reportText(report, kind));
  if (report.counts.recusadas > 0) process.exitCode = strict ? EXIT.failed : EXIT.someRefused;
});

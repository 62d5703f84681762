import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import { readManifest } from '@pessoa/router/persisted-operations/operation-manifest';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { brunoCollection, type OpenApi } from './bruno-collection.ts';

const FOLDER = 'docs/bruno';

const command = {
  name: 'npm run bruno:generate',
  about: `Writes the Bruno collection in ${FOLDER} from schema/openapi.json and schema/operations.json.`,
  options: { check: { type: 'boolean', default: false, about: 'writes nothing; exit code 1 when it is stale' } },
} as const;

const readSchema = (name: string): Promise<string> => readFile(join(root, 'schema', name), 'utf8');

/** The paths of the files in the folder, relative to it. */
const currentFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

await runCommand(command, async (args) => {
  const { check } = readArguments(command, args).values;
  const openApi = JSON.parse(await readSchema('openapi.json')) as OpenApi;
  const files = brunoCollection(openApi, readManifest(await readSchema('operations.json')));
  const folder = join(root, FOLDER);
  const stale: string[] = (await currentFiles(folder)).filter((path) => !files.has(path));
  for (const [path, text] of files) {
    if ((await readFile(join(folder, path), 'utf8').catch(() => undefined)) !== text) stale.push(path);
  }
  if (stale.length === 0) return;
  if (check) throw new Error(`${FOLDER} is stale (${stale.join(', ')}): run \`npm run bruno:generate\` and commit it`);
  for (const path of stale) {
    const text = files.get(path);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (text === undefined) await rm(join(folder, path));
    else await writeFile(join(folder, path), text);
  }
  console.log(`${FOLDER} written: ${stale.length} files changed`);
});

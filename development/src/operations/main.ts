import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import {
  MANIFEST_FORMAT,
  type PersistedOperation,
  readManifest,
} from '@pessoa/router/persisted-operations/operation-manifest';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { writeAtomically } from '@pessoa/service/processes/atomic-file';
import { ignoreOutputErrors } from '@pessoa/service/processes/end-of-process';
import { OperationCosts } from '@pessoa/router/demand/operation-costs';
import { OperationGuard } from 'graphql-jwt-guard';
import { readOperationDocuments } from './operation-documents.ts';
import { formatReport, reportOf } from './operation-report.ts';
import { breaksOf, readApiSchema } from './schema-breaks.ts';

const API_SCHEMA = join(root, 'schema/api.graphql');
const MANIFEST = 'schema/operations.json';
/** The operations of the REST routes and of the person's page. */
const OWN_DOCUMENTS = ['packages/rest/src/operations', 'router/src/person-page/operations'];

const command = {
  name: 'npm run operations',
  about: 'Makes the manifest of persisted operations, and says of each what it needs and costs.',
  options: {
    documents: {
      type: 'string',
      multiple: true,
      value: 'FOLDER',
      about: 'folder with .graphql files; default: packages/rest/src/operations and router/src/person-page/operations',
    },
    manifest: { type: 'string', value: 'FILE', about: `default: ${MANIFEST}` },
    check: { type: 'boolean', default: false, about: 'writes nothing; exit code 1 when the manifest is stale' },
    schema: {
      type: 'string',
      value: 'FILE',
      about: 'writes nothing; names what breaks on this API schema, with exit code 1',
    },
  },
} as const;

async function readOperations(folders: readonly string[]): Promise<PersistedOperation[]> {
  const operations = (await Promise.all(folders.map(readOperationDocuments))).flat();
  const text = manifestOf(operations);
  return readManifest(text);
}

/** Several folders may have operations of one name: each is of another version of a client. */
const manifestOf = (operations: readonly PersistedOperation[]): string =>
  `${JSON.stringify({ ...MANIFEST_FORMAT, operations }, null, 2)}\n`;

ignoreOutputErrors(); // a reader such as `head` may close the pipe
await runCommand(command, async (args) => {
  const { values } = readArguments(command, args);
  const file = values.manifest === undefined ? join(root, MANIFEST) : resolve(values.manifest);
  const shown = relative(process.cwd(), file);
  const current = readApiSchema(await readFile(API_SCHEMA, 'utf8'), API_SCHEMA);

  if (values.schema !== undefined) {
    const next = readApiSchema(await readFile(values.schema, 'utf8'), values.schema);
    const results = breaksOf(readManifest(await readFile(file, 'utf8')), next, current);
    for (const { name, breaks, deprecations } of results) {
      for (const fault of breaks) console.error(`${name} breaks: ${fault}`);
      for (const use of deprecations) console.error(`${name} uses what is deprecated: ${use}`);
    }
    const broken = results.filter(({ breaks }) => breaks.length > 0);
    console.log(`${broken.length} of ${results.length} operations of ${shown} break`);
    if (broken.length > 0) process.exitCode = 1;
    return;
  }

  const operations = await readOperations(values.documents ?? OWN_DOCUMENTS.map((folder) => join(root, folder)));
  const faults = breaksOf(operations, current, current).flatMap(({ name, breaks }) =>
    breaks.map((fault) => `${name}: ${fault}`),
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const manifest = manifestOf(operations);
  if (values.check) {
    if ((await readFile(file, 'utf8').catch(() => '')) === manifest) return;
    throw new Error(`${shown} is stale: run \`npm run operations\` and commit it`);
  }
  const supergraph = await readFile(join(root, 'schema/supergraph.graphql'), 'utf8');
  const graph = { schema: current, guard: new OperationGuard(supergraph), costs: new OperationCosts(supergraph) };
  for (const operation of operations) console.log(`${formatReport(reportOf(operation, graph))}\n`);
  await writeAtomically(file, manifest);
  console.log(`${shown} written: ${operations.length} operations`);
});

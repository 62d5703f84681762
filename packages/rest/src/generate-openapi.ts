import { readFileSync, writeFileSync } from 'node:fs';
import { perService, type Service } from '@pessoa/domain/services';
import { openApiDocument } from './openapi.ts';
import type { Examples } from './openapi/examples.ts';

const schemaFile = (name: string): URL => new URL(`../../../schema/${name}`, import.meta.url);
const sdlOf = (service: Service): string => readFileSync(schemaFile(`${service}.graphql`), 'utf8');

const usage =
  'usage: npm run openapi:generate [-- --check]\nWrites schema/openapi.json; with --check only says whether it is stale.\n';
const given = process.argv.slice(2);
if (given.includes('--help') || given.includes('-h')) {
  process.stdout.write(usage);
  process.exit();
}
if (given.some((one) => one !== '--check')) {
  process.stderr.write(`it takes --check alone\n\n${usage}`);
  process.exit(1);
}

/** Writes schema/openapi.json; with `--check` only says whether it is up to date. */
const examples = JSON.parse(readFileSync(schemaFile('examples.json'), 'utf8')) as Examples;
const document = openApiDocument(perService(sdlOf), examples);
const text = `${JSON.stringify(document, null, 2)}\n`;

if (!given.includes('--check')) {
  writeFileSync(schemaFile('openapi.json'), text);
} else if (readFileSync(schemaFile('openapi.json'), 'utf8') !== text) {
  console.error('schema/openapi.json is stale: run `npm run openapi:generate` and commit it');
  process.exitCode = 1;
}

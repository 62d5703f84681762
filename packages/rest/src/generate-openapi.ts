import { readFileSync, writeFileSync } from 'node:fs';
import { perService, type Service } from '@pessoa/domain/services';
import { openApiDocument } from './openapi.ts';
import type { Examples } from './openapi/examples.ts';

const schemaFile = (name: string): URL => new URL(`../../../schema/${name}`, import.meta.url);
const sdlOf = (service: Service): string => readFileSync(schemaFile(`${service}.graphql`), 'utf8');

const usage =
  'usage: npm run openapi:generate [-- --check]\nWrites schema/openapi.json. With --check it only says whether that file is stale.\n';
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(usage);
  process.exit();
}
if (args.some((arg) => arg !== '--check')) {
  process.stderr.write(`the only option is --check\n\n${usage}`);
  process.exit(1);
}

const examples = JSON.parse(readFileSync(schemaFile('examples.json'), 'utf8')) as Examples;
const document = openApiDocument(perService(sdlOf), examples);
const json = `${JSON.stringify(document, null, 2)}\n`;

if (!args.includes('--check')) {
  writeFileSync(schemaFile('openapi.json'), json);
} else if (readFileSync(schemaFile('openapi.json'), 'utf8') !== json) {
  console.error('schema/openapi.json is stale: run `npm run openapi:generate` and commit it');
  process.exitCode = 1;
}

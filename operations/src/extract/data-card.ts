import { join } from 'node:path';
import type { ExtractionState } from './extraction-state.ts';
import { writeWhole } from './row-files.ts';
import { type Column, tableNames, tables } from './tables.ts';

const jsonTypes = { STRING: 'string', INT32: 'integer', INT64: 'integer', BOOLEAN: 'boolean' } as const;

/** The JSON Schema of the lines of each table. */
const schemaOf = (columns: readonly Column[]): object => ({
  type: 'object',
  additionalProperties: false,
  required: columns.map(({ name }) => name),
  properties: Object.fromEntries(
    columns.map(({ name, type, about }, index) => [
      name,
      { type: index === 0 ? jsonTypes[type] : [jsonTypes[type], 'null'], description: about },
    ]),
  ),
});

const tableOf = (columns: readonly Column[]): string =>
  ['| column | type | what |', '| --- | --- | --- |', ...columns.map(({ name, type, about }) => `| ${name} | ${type} | ${about} |`)].join('\n'); // prettier-ignore

/** What the files hold, for who trains with them. */
function cardOf({ run, hoje, origin, keyId, formats, parts, unreadablePeople }: ExtractionState): string {
  const people = parts.reduce((sum, part) => sum + part.people, 0);
  return `# Data card of an extraction of Base B

- Run ${run}, from ${origin === 'replica' ? 'the replica of Base B' : 'Base B itself'}. Ages and months count up to ${hoje}.
- ${people} people in ${parts.length} parts, as ${formats.join(' and ')}; \`extraction.json\` has the rows and the SHA-256 of each file.
- ${unreadablePeople} of them have no rows: the base has a value of theirs that the score refuses too.
- Pseudonyms are those of key ${keyId}. Who has the key can find a person's rows: keep it apart from the files.
- A part is a range of CPFs, its rows are in the order of their pseudonyms.
- Everybody whom Base B knows is in it, so it is no sample of applicants. Nothing says who paid: labels are yours, by the same pseudonyms.
- It holds no name, street, number, CEP, description, employer, occupation or day. Ages, states and amounts together can still single a person out:
  the files are personal data (LGPD art. 12 and 13), for the purpose of the token alone. Delete them after their use.
- Not in it, and not to be joined to it: origin, health, genetics, sexuality, politics, religion (Lei 12.414 art. 3 §3).
- Each person's own view of who read their data has one record of this run.

${tableNames.map((table) => `## ${table}\n\n${tableOf(tables[table])}`).join('\n\n')}
`;
}

/** Writes the schema and the data card beside the files. */
export async function writeDataCard(folder: string, state: ExtractionState): Promise<void> {
  const schemas = Object.fromEntries(tableNames.map((table) => [table, schemaOf(tables[table])]));
  await writeWhole(join(folder, 'schema.json'), `${JSON.stringify(schemas, undefined, 2)}\n`);
  await writeWhole(join(folder, 'DATA-CARD.md'), cardOf(state));
}

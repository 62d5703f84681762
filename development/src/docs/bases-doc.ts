import { baseDatabase, bases, serviceNames } from '@pessoa/domain/services';
import { type BaseColumn, type BaseModel, type BaseTable, readBaseModel } from '../schema/base-model.ts';

const LINE_LETTERS = 118;

const documentedRow = (table: BaseTable, { name, type, isNullable, about }: BaseColumn): string =>
  `| ${name} | ${type} | ${isNullable ? 'yes' : 'no'} | ${name === table.key ? 'key' : about} |`;

const documentedTable = (table: BaseTable): string => `### \`${table.name}\`

${table.about === '' ? '' : `${table.about}\n\n`}| column | type | null | what |
| --- | --- | --- | --- |
${table.columns.map((column) => documentedRow(table, column)).join('\n')}
`;

function indexList({ tables }: BaseModel): string {
  const lines = tables.flatMap(({ name, key, index }) => [
    `- \`${name} (${key})\`, unique`,
    ...(index === undefined ? [] : [`- \`${name} (${index})\``]),
  ]);
  return `### Indexes

The indexes that begin with \`cpf\` find a person's rows in the order in which they are read.

${lines.join('\n')}
`;
}

function tableSql({ name, key, columns }: BaseTable): string {
  const width = Math.max(...columns.map((column) => column.name.length));
  const lines = columns.map((column) => {
    const inByteOrder = column.name === key && column.type === 'text' ? ' COLLATE "C"' : '';
    const constraint = column.name === key ? ' PRIMARY KEY' : column.isNullable ? '' : ' NOT NULL';
    return `  ${column.name.padEnd(width)} ${column.type}${inByteOrder}${constraint}`;
  });
  return `CREATE TABLE ${name} (\n${lines.join(',\n')}\n);`;
}

const indexSql = ({ name, index }: BaseTable): string[] =>
  index === undefined ? [] : [`CREATE INDEX ON ${name} (${index});`];

function grantSql({ name, columns }: BaseTable, reader: string): string {
  const lines = ['GRANT SELECT ('];
  for (const [place, column] of columns.entries()) {
    const word = column.name + (place === columns.length - 1 ? ')' : ', ');
    if (lines.at(-1)!.length + word.length > LINE_LETTERS) lines.push(`              ${word}`);
    else lines.push(lines.pop()! + word);
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n  ON ${name} TO ${reader};`;
}

function section(model: BaseModel, place: number): string {
  const { service, tables } = model;
  const grants = place === 0 ? 'grants' : `grants-${place}`;
  return `
${tables.map(documentedTable).join('\n')}
${indexList(model)}
### In SQL

Tables that pass the check; with the [grants](#${grants}) the reader sees them.

\`\`\`sql
${[...tables.map(tableSql), ...tables.flatMap(indexSql)].join('\n')}
\`\`\`

### Grants

\`\`\`sql
${tables.map((table) => grantSql(table, `${baseDatabase(bases[service])}_reader`)).join('\n')}
\`\`\`

`;
}

/** Replaces the generated part of each base between the marks of docs/bases.md. */
export function basesDoc(current: string): string {
  return serviceNames.reduce((document, service, place) => {
    const begin = `<!-- from subgraphs/${service}/prisma/schema.prisma by \`npm run docs:generate\` -->\n`;
    const end = `<!-- end of subgraphs/${service}/prisma/schema.prisma -->\n`;
    const from = document.indexOf(begin);
    const to = document.indexOf(end);
    if (from === -1 || to < from) throw new Error(`docs/bases.md has no marks for ${service}`);
    return document.slice(0, from + begin.length) + section(readBaseModel(service), place) + document.slice(to);
  }, current);
}

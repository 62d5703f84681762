import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseArgument, bases, serviceNames } from '@pessoa/domain/services';
import { sdlEnum } from '@pessoa/operations/import/sdl-enums';
import { root } from '@pessoa/operations/system/home';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { format, resolveConfig } from 'prettier';
import { type BaseColumn, type BaseModel, type BaseTable, readBaseModel } from './base-model.ts';

/** The TypeScript type of a column's value, as a statement with `selectList` returns it. */
function valueType({ type, sdlEnum, isNullable }: BaseColumn): string {
  const valueTypes = { boolean: 'boolean', integer: 'number', date: 'Data', 'text[]': 'readonly string[]' };
  const value = sdlEnum === undefined ? (valueTypes[type as keyof typeof valueTypes] ?? 'string') : enumType(sdlEnum);
  return isNullable ? `${value} | null` : value;
}

/** The name of an enum in the types of the resolvers: `Uf` for `UF`. */
const enumType = (sdlEnum: string): string => (sdlEnum === sdlEnum.toUpperCase() ? pascal(sdlEnum) : sdlEnum);
const pascal = (name: string): string => name[0]! + name.slice(1).toLowerCase();

const record = (name: string, entries: readonly (readonly [string, string])[]): string =>
  `  ${name}: {\n${entries.map(([key, value]) => `    ${/^\w+$/.test(key) ? key : `'${key}'`}: ${value},\n`).join('')}  },\n`;

const quoted = (value: string): string => `'${value}'`;

const rowType = ({ name, model, columns }: BaseTable): string =>
  `/** A row of \`${name}\`. */\nexport interface ${model}Row {\n${columns
    .map((column) => `  readonly ${column.field}: ${valueType(column)};\n`)
    .join('')}}\n`;

function moduleOf({ service, title, tables }: BaseModel): string {
  const rows = tables.map(rowType).join('\n');
  const enums = [...new Set(tables.flatMap(({ columns }) => columns.flatMap(({ sdlEnum }) => sdlEnum ?? [])))]
    .map(enumType)
    .toSorted();
  const imports = [
    ...(/\bData\b/.test(rows) ? ["import type { Data } from '@pessoa/domain/data';"] : []),
    "import type { BaseDefinition } from '@pessoa/bases/base-definition';",
    `import type { ${enums.join(', ')} } from './sdl-enums.ts';`,
  ];
  return `// Generated from prisma/schema.prisma by \`npm run generate:bases\`.
${imports.join('\n')}

/** What ${title} must offer to our reader role; docs/bases.md says it to its owner. */
export const ${bases[service]} = {
${record(
  'contract',
  tables.map(({ name, columns }) => [name, `[${columns.map((column) => quoted(column.name)).join(', ')}]`]),
)}${record(
    'types',
    tables.flatMap((table) =>
      table.columns.flatMap(({ name, type }) =>
        type === 'text' ? [] : [[`${table.name}.${name}`, quoted(type)] as const],
      ),
    ),
  )}${record(
    'keys',
    tables.map(({ name, key }) => [name, quoted(key)]),
  )}${record(
    'indexes',
    tables.flatMap(({ name, index }) => (index === undefined ? [] : [[name, quoted(index)] as const])),
  )}} as const satisfies BaseDefinition;

${rows}`;
}

/** The enums of the graph whose values a base holds. */
function enumsModule(models: readonly BaseModel[]): string {
  const columns = models.flatMap(({ tables }) => tables.flatMap((table) => table.columns));
  const names = [...new Set(columns.flatMap(({ sdlEnum }) => sdlEnum ?? []))].toSorted();
  const types = names.map(
    (name) =>
      `export type ${enumType(name)} =\n${[...sdlEnum(name)].map((value) => `  | ${quoted(value)}`).join('\n')};`,
  );
  return `// Generated from schema/*.graphql by \`npm run generate:bases\`.\n\n${types.join('\n\n')}\n`;
}

const command = {
  name: 'npm run generate:bases',
  about: 'Writes the contract of each base and the types of its rows from its schema.prisma.',
  options: { check: { type: 'boolean', default: false, about: 'writes nothing; exit code 1 when one is stale' } },
} as const;

await runCommand(command, async (args) => {
  const { check } = readArguments(command, args).values;
  const models = serviceNames.map(readBaseModel);
  const modules = [
    ...models.map((model) => [baseArgument(bases[model.service]), moduleOf(model)] as const),
    ['sdl-enums', enumsModule(models)] as const,
  ];
  for (const [module, generated] of modules) {
    const name = `packages/bases/src/${module}.ts`;
    const formattedModule = await format(generated, {
      ...(await resolveConfig(join(root, name))),
      parser: 'typescript',
    });
    if ((await readFile(join(root, name), 'utf8').catch(() => '')) === formattedModule) continue;
    if (check) {
      console.error(`${name} is stale: run \`npm run generate:bases\` and commit it`);
      process.exitCode = 1;
    } else {
      await writeFile(join(root, name), formattedModule);
      console.log(`${name} written`);
    }
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnType } from '@pessoa/bases/base-definition';
import { bases, baseTitle, type Service } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { getDMMF } from '@prisma/get-dmmf';

/** A column of a base, from its `schema.prisma`. */
export interface BaseColumn {
  readonly name: string;
  /** The name in camelCase. */
  readonly field: string;
  readonly type: ColumnType | 'text';
  readonly isNullable: boolean;
  /** The comment above the column, for the owner of the base; may be empty. */
  readonly about: string;
  /** The SDL enum that the comment begins with: the column holds its values. */
  readonly sdlEnum: string | undefined;
}

export interface BaseTable {
  readonly name: string;
  readonly model: string;
  readonly key: string;
  readonly columns: readonly BaseColumn[];
  /** The columns of the index that finds a person's rows, as in `CREATE INDEX`. */
  readonly index: string | undefined;
  readonly about: string;
}

/** What a service needs from its base, from `schema.prisma`. The contract, the types of rows and docs/bases.md follow from it. */
export interface BaseModel {
  readonly service: Service;
  /** For people: `Base A`. */
  readonly title: string;
  readonly tables: readonly BaseTable[];
}

type Datamodel = Extract<ReturnType<typeof getDMMF>, { datamodel: unknown }>['datamodel'];
type Model = Datamodel['models'][number];
type Field = Model['fields'][number];

const plainTypes: Readonly<Record<string, ColumnType | 'text'>> = {
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
};
const nativeTypes: Readonly<Record<string, string>> = {
  Char: 'char',
  Date: 'date',
  Decimal: 'numeric',
  Timestamptz: 'timestamptz',
};

/** @throws Error for a type that the check at a service's start does not know */
function typeOf({ name, type, nativeType, isList }: Field): BaseColumn['type'] {
  const [nativeName, size = []] = nativeType ?? [];
  const plainType = nativeName === undefined ? plainTypes[type] : nativeTypes[nativeName];
  if (plainType === undefined)
    throw new Error(`the contract of a base has no type for ${name} (${nativeName ?? type})`);
  const elementType = size.length > 0 ? `${plainType}(${size.join(',')})` : plainType;
  return (isList ? `${elementType}[]` : elementType) as BaseColumn['type'];
}

const columnName = ({ name, dbName }: Field): string => dbName ?? name;

function columnOf(field: Field): BaseColumn {
  const about = field.documentation ?? '';
  return {
    name: columnName(field),
    field: field.name,
    type: typeOf(field),
    isNullable: !field.isRequired,
    about,
    sdlEnum: /^`([A-Z]\w+)`/.exec(about)?.[1],
  };
}

function tableOf(model: Model, { indexes }: Datamodel): BaseTable {
  const fields = model.fields.filter(({ kind }) => kind !== 'object');
  const columnNames = new Map(fields.map((field) => [field.name, columnName(field)]));
  const index = indexes.find((candidate) => candidate.model === model.name && candidate.type === 'normal');
  const key = fields.find(({ isId }) => isId);
  if (!key) throw new Error(`${model.name} has no key`);
  return {
    name: model.dbName ?? model.name,
    model: model.name,
    key: columnName(key),
    columns: fields.map(columnOf),
    index: index?.fields
      .map(({ name, sortOrder }) => columnNames.get(name) + (sortOrder === 'desc' ? ' DESC' : ''))
      .join(', '),
    about: model.documentation ?? '',
  };
}

export function readBaseModel(service: Service): BaseModel {
  const file = join(root, 'subgraphs', service, 'prisma', 'schema.prisma');
  const document = getDMMF({ datamodel: readFileSync(file, 'utf8') });
  if (!('datamodel' in document)) throw new Error(`${file}: ${document.reason}`);
  const { datamodel } = document;
  return {
    service,
    title: baseTitle(bases[service]),
    tables: datamodel.models.map((model) => tableOf(model, datamodel)),
  };
}

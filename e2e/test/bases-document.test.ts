import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { baseA } from '@pessoa/bases/base-a';
import { baseB } from '@pessoa/bases/base-b';
import { baseC } from '@pessoa/bases/base-c';
import { serviceNames } from '@pessoa/domain/services';
import { requiredRights } from '@pessoa/auditor/postgres-rights';
import { nodeCache } from '@pessoa/auditor/people/node-cache';
import { personKeys } from '@pessoa/auditor/people/person-keys';
import { placeRecords } from '@pessoa/auditor/tree/place-records';
import { readTree } from '@pessoa/auditor/tree/stored-tree';
import { openReadRecorder } from '@pessoa/testkit/read-recorder';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';

// The owner of a base follows docs/bases.md, so it must agree with what the services check.

interface Column {
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}
type Tables = Record<string, Column[]>;

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const document = read('docs/bases.md');

/** The text under a heading, up to the next one of the same level. */
function section(heading: string, of = document): string {
  const rank = /^#+/.exec(heading)![0];
  const start = of.indexOf(`\n${heading}\n`);
  if (start === -1) throw new Error(`docs/bases.md has no "${heading}"`);
  const remainder = of.slice(start + heading.length + 2);
  const end = remainder.search(new RegExp(`^#{1,${rank.length}} `, 'm'));
  return end === -1 ? remainder : remainder.slice(0, end);
}

function documentedTables(heading: string): Tables {
  const part = section(heading);
  const names = [...part.matchAll(/^### `([\w.]+)`$/gm)].map(([, name]) => name!);
  return Object.fromEntries(
    names.map((name) => {
      const rows = [...section(`### \`${name}\``, part).matchAll(/^\| (\w+) +\| ([\w(), []+\]?) +\| (yes|no) +\|/gm)];
      return [
        name,
        rows.map(([, column, type, nullable]) => ({
          column: column!,
          type: type!.trim(),
          nullable: nullable === 'yes',
        })),
      ];
    }),
  );
}

const PLAIN_TYPES: Record<string, string> = { String: 'text', Boolean: 'boolean', Int: 'integer' };
const NATIVE_TYPES: Record<string, string> = {
  Decimal: 'numeric',
  Char: 'char',
  Date: 'date',
  Timestamptz: 'timestamptz',
};

function prismaTables(schema: string): Tables {
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const modelNames = new Set(models.map(([, name]) => name));
  return Object.fromEntries(
    models.map(([, name, body]) => {
      const fields = [...body!.matchAll(/^ {2}(\w+) +(\w+)(\[\])?(\?)?(.*)$/gm)].filter(
        ([, , type]) => !modelNames.has(type),
      );
      const columns = fields.map(([, field, type, list = '', optional, attributes]): Column => {
        const [, native, size = ''] = /@db\.(\w+)(\([^)]*\))?/.exec(attributes!) ?? [];
        return {
          column: /@map\("(\w+)"\)/.exec(attributes!)?.[1] ?? field!,
          type: native ? NATIVE_TYPES[native]! + size.replace(' ', '') : PLAIN_TYPES[type!]! + list,
          nullable: optional !== undefined,
        };
      });
      return [/@@map\("(\w+)"\)/.exec(body!)?.[1] ?? name!, columns];
    }),
  );
}

const documentedIndexes = (heading: string): string[] =>
  [...section('### Indexes', section(heading)).matchAll(/^- `(.+?)`(, unique)?/gm)]
    .map(([, index]) => index!)
    .toSorted();

/** The keys and indexes of our migrations, without the unique `credor.cnpj`, which only the import needs. */
function migratedIndexes(sql: string): string[] {
  const keys = [...sql.matchAll(/CREATE TABLE "(\w+)" \(([\s\S]*?)\n\);/g)].map(([, table, body]) => {
    return `${table} (${/PRIMARY KEY \("(\w+)"\)/.exec(body!)![1]})`;
  });
  const indexes = [...sql.matchAll(/CREATE INDEX "\w+" ON "(\w+)"\s*\((.+)\);/g)].map(
    ([, table, columns]) => `${table} (${columns})`,
  );
  return [...keys, ...indexes].map((index) => index.replaceAll('"', '')).toSorted();
}

const bases = [
  ['Base A', 'debt', baseA.contract, baseA.types, 'baseA', 'base_a_reader'],
  ['Base B', 'score', baseB.contract, baseB.types, 'baseB', 'base_b_reader'],
  ['Base C', 'event', baseC.contract, baseC.types, 'baseC', 'base_c_reader'],
] as const;

describe.each(bases)('docs/bases.md on %s', (heading, subgraph, contract, types, base, reader) => {
  let test: TestBases;
  beforeAll(async () => void (test = await openTestBases()));
  afterAll(() => test.drop());

  const documented = documentedTables(`## ${heading}`);

  it('lists the tables and columns that the service checks at its start', () => {
    expect(
      Object.fromEntries(
        Object.entries(documented).map(([table, columns]) => [table, columns.map(({ column }) => column)]),
      ),
    ).toEqual(contract);
  });

  it('gives each column the type that the service checks at its start', () => {
    const notText = Object.entries(documented).flatMap(([table, columns]) =>
      columns.flatMap(({ column, type }) => (type === 'text' ? [] : [[`${table}.${column}`, type]])),
    );
    expect(Object.fromEntries(notText)).toEqual(types);
  });

  it('gives each column the type and nullability that our own base has', () => {
    expect(documented).toEqual(prismaTables(read(`subgraphs/${subgraph}/prisma/schema.prisma`)));
  });

  it('recommends the indexes that our own base has', () => {
    const migration = read(`subgraphs/${subgraph}/prisma/migrations/20261122000000_init/migration.sql`);
    expect(documentedIndexes(`## ${heading}`)).toEqual(migratedIndexes(migration));
  });

  it('has grants that give the reader every column it needs, and nothing else', async () => {
    const { owner, readerUrl } = test[base];
    await owner.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${reader}`);
    await owner.query(/```sql\n([\s\S]*?)```/.exec(section('### Grants', section(`## ${heading}`)))![1]!);
    const client = new pg.Client({ connectionString: readerUrl });
    await client.connect();
    for (const [table, columns] of Object.entries(contract)) {
      await client.query(`SELECT ${columns.join(', ')} FROM ${table}`);
      await owner.query(`ALTER TABLE ${table} ADD COLUMN outra TEXT`);
      await expect(client.query(`SELECT outra FROM ${table}`)).rejects.toThrow('permission denied');
      for (const write of [
        `DELETE FROM ${table}`,
        `INSERT INTO ${table} DEFAULT VALUES`,
        `UPDATE ${table} SET cpf = NULL`,
      ]) {
        await expect(client.query(write.replace('cpf', columns[0]!))).rejects.toThrow('permission denied');
      }
    }
    await client.end();
  });

  it('lists the values of the SDL’s enum for every column with one, and no other enum', () => {
    const enums = new Map(
      [
        ...serviceNames
          .map((name) => read(`schema/${name}.graphql`))
          .join('\n')
          .matchAll(/^enum (\w+) \{([^}]*)\}/gm),
      ].map(([, name, values]) => [name!, values!.trim().split(/\s+/)]),
    );
    const allowed = section('## Allowed values');
    const enumNames = [...section(`## ${heading}`).matchAll(/\| `([A-Z]\w+)`/g)].map(([, name]) => name!);
    expect(enumNames.length).toBeGreaterThan(1);
    for (const name of enumNames) {
      const [, values] = new RegExp(`^- \`${name}\`: (.+)$`, 'm').exec(allowed) ?? [];
      expect([name, values?.split(', ')]).toEqual([name, enums.get(name)]);
    }
  });
});

describe('docs/bases.md on an index of postings', () => {
  it('has grants that give the indexer the columns of postings, their number and its sequence, and nothing else', async () => {
    const test = await openTestBases();
    try {
      const { owner } = test.baseC;
      await owner.query('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM base_c_indexer');
      await owner.query('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM base_c_indexer');
      const grants = section('### For an index of postings').match(/^GRANT [^;]+;/gm)!;
      for (const grant of grants) await owner.query(grant);
      const { rows } = await owner.query<{ table: string; columns: string[] }>(
        `SELECT c.relname AS "table", array_agg(a.attname::text ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
         WHERE c.relnamespace = 'public'::regnamespace AND has_column_privilege('base_c_indexer', c.oid, a.attnum, 'SELECT')
         GROUP BY c.relname ORDER BY c.relname`,
      );
      const columnsOf = new Map(rows.map(({ table, columns }) => [table, columns.toSorted()]));
      expect(columnsOf.get('movimentacao')).toEqual([...baseC.contract.movimentacao, 'versao'].toSorted());
      expect([...columnsOf.keys()]).toEqual(['movimentacao', 'movimentacao_versao_seq']);
    } finally {
      await test.drop();
    }
  });
});

describe('docs/bases.md on the audit', () => {
  let test: TestBases;
  beforeAll(async () => void (test = await openTestBases()));
  afterAll(() => test.drop());

  const tables = [
    'acesso',
    ...[
      'pending',
      'leaf',
      'tile',
      'tree',
      'checkpoint',
      'person',
      'person_proof',
      'map_node',
      'stale_map_node',
      'seal_decision',
    ].map((name) => `transparency.${name}`),
  ];

  it('lists the columns that our migrations make, with their types', async () => {
    const { rows } = await test.auditoria.owner.query<{ relation: string } & Column>(
      `SELECT attrelid::regclass::text AS relation, attname AS "column", format_type(atttypid, atttypmod) AS type,
         NOT attnotnull AS nullable
       FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
       WHERE c.relkind IN ('r', 'p') AND attnum > 0 AND c.relnamespace IN ('public'::regnamespace, 'transparency'::regnamespace)
         AND c.relname <> '_prisma_migrations'
       ORDER BY attnum`,
    );
    const plain = (type: string) =>
      type.replace('character', 'char').replace(/timestamp\((\d)\) with time zone/, 'timestamptz($1)');
    const made = Map.groupBy(rows, ({ relation }) => relation);
    expect([...made.keys()].toSorted()).toEqual(tables.toSorted());
    expect(documentedTables('## The audit database')).toEqual(
      Object.fromEntries(
        [...made].map(([name, columns]) => [
          name,
          columns.map(({ relation: _, type, ...column }) => ({ ...column, type: plain(type) })),
        ]),
      ),
    );
  });

  it('has grants that let the writer only insert, the reader only read, and the auditor keep the log', async () => {
    const { owner, writerUrl, readerUrl, auditorUrl } = test.auditoria;
    const roles = ['auditoria_auditor', 'auditoria_reader', 'auditoria_writer'];
    await owner.query(`REVOKE ALL ON ${tables.join(', ')} FROM ${roles.join(', ')}`);
    await owner.query(`REVOKE ALL ON SCHEMA transparency FROM ${roles.join(', ')}`);
    await owner.query(/```sql\n([\s\S]*?)```/.exec(section('## The audit database'))![1]!);
    const { rows } = await owner.query<{ role: string; table: string; rights: string[] }>(
      `SELECT role, "table", array_agg(privilege ORDER BY privilege) AS rights
       FROM unnest($1::text[]) AS role, unnest($2::text[]) AS "table",
            unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
       WHERE has_table_privilege(role, "table", privilege)
       GROUP BY role, "table"`,
      [roles, tables],
    );
    const rightsOf = (role: string) => Object.fromEntries(rows.flatMap((row) => (row.role === role ? [[row.table, row.rights]] : []))); // prettier-ignore
    expect(rightsOf('auditoria_reader')).toEqual({ acesso: ['SELECT'] });
    expect(rightsOf('auditoria_writer')).toEqual({ acesso: ['INSERT'] });
    const required = Object.entries(requiredRights).map(([table, rights]) => [
      table.replace('public.', ''),
      rights.toSorted(),
    ]);
    expect(rightsOf('auditoria_auditor')).toEqual(Object.fromEntries(required));
    const schemas = await owner.query<{ role: string }>(
      `SELECT role FROM unnest($1::text[]) AS role WHERE has_schema_privilege(role, 'transparency', 'USAGE')`,
      [roles],
    );
    expect(schemas.rows).toEqual([{ role: 'auditoria_auditor' }]);
    expect([auditorUrl, readerUrl, writerUrl].map((url) => new URL(url).username)).toEqual(roles);
  });

  it('has grants with which the writer records, and the auditor gives the record its place', async () => {
    const { owner, auditorUrl } = test.auditoria;
    await owner.query(/```sql\n([\s\S]*?)```/.exec(section('## The audit database'))![1]!);
    const recorder = openReadRecorder(test);
    await recorder.record(1).finally(() => recorder.close());
    const auditor = new pg.Client({ connectionString: auditorUrl });
    await auditor.connect();
    const keys = personKeys(randomBytes(32), Buffer.from(recorder.cpfHashKey, 'base64url'));
    try {
      const { tree } = await placeRecords(auditor, await readTree(auditor), { keys, cache: nodeCache() });
      expect(tree.size).toBe(1);
    } finally {
      await auditor.end();
    }
    await expect(owner.query('DELETE FROM transparency.leaf')).rejects.toThrow('append-only');
  });

  it('is right about the trigger: not even the owner can change or delete a row', async () => {
    const { owner } = test.auditoria;
    for (const statement of ['UPDATE acesso SET campos = campos', 'DELETE FROM acesso', 'TRUNCATE acesso']) {
      await expect(owner.query(statement)).rejects.toThrow('append-only');
    }
  });
});

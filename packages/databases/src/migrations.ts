import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import { poolerFaults } from '@pessoa/postgres/pooler';
import { ConfigError } from '@pessoa/service/config/environment';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as engineGlue from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';

/** The one call we need; TypeScript has WebAssembly only in its browser library. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/** Our own tables are all in `public`, whatever else is on somebody's path; a migration takes the time it takes. */
const OWNERS_SESSION = { ...writingSettings(0), search_path: 'public' };

const NO_FILTER = { externalTables: [], externalEnums: [] };

let glueReady: Promise<void> | undefined;

/**
 * Prisma's migration engine as WebAssembly: the same bookkeeping and checksums as `prisma migrate deploy`, without the
 * engine binary that the command would download. One instance a process: the glue module keeps its memory.
 */
async function loadEngine(): Promise<void> {
  const glueFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(glueFile.replace(/\.js$/, '.wasm'));
  // Called by the engine when it panics, under this name.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message: (message: string) => {
        throw new Error(`Prisma's migration engine failed: ${message}`);
      },
    },
  });
  const imports = { './schema_engine_bg.js': withoutLingeringTimers(engineGlue as never) };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  (engineGlue as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

/**
 * The engine sets a timer of 10 s for its lock and never clears it, which would keep a finished command alive that long.
 * The glue looks `setTimeout` up at each call, so for the length of one call it finds ours.
 */
function withoutLingeringTimers(glue: Record<string, (...args: unknown[]) => unknown>): object {
  const isSetTimeout = (name: string): boolean => name.startsWith('__wbg_setTimeout_');
  return Object.fromEntries(
    Object.entries(glue).map(([name, call]) => {
      if (!isSetTimeout(name)) return [name, call];
      const unreferenced = (...args: unknown[]): unknown => {
        const real = globalThis.setTimeout;
        globalThis.setTimeout = ((work: () => void, millis: number) => real(work, millis).unref()) as typeof setTimeout;
        try {
          return call(...args);
        } finally {
          globalThis.setTimeout = real;
        }
      };
      return [name, unreferenced];
    }),
  );
}

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * PrismaPg refuses columns of type "char", of which PostgreSQL's catalogue has some, and the engine that looks at it wants
 * them as characters: they pass the adapter as text and get their type afterwards.
 */
function readingCharColumns(pool: pg.Pool): PrismaPg {
  let chars: number[] = [];
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const queryWithText = async (...args: unknown[]): Promise<pg.QueryResult> => {
    const result = await query(...args);
    chars = result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR_OID ? [index] : []));
    for (const index of chars) result.fields[index]!.dataTypeID = TEXT_OID;
    return result;
  };
  const factory = new PrismaPg(Object.assign(pool, { query: queryWithText }));
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    async connect() {
      const adapter = await connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      return Object.assign(adapter, {
        async queryRaw(...args: Parameters<typeof queryRaw>) {
          const result = await queryRaw(...args); // the engine asks one thing at a time
          for (const index of chars) result.columnTypes[index] = ColumnTypeEnum.Character;
          return result;
        },
      });
    },
  });
}

/** The engine over a pool of ours: it does not close the connections it opens itself. */
export async function withEngine<T>(
  connectionString: string,
  work: (engine: engineGlue.SchemaEngine) => Promise<T>,
  { datamodel, setting = "the owner's URL" }: { datamodel?: { content: string; path: string }; setting?: string } = {},
): Promise<T> {
  await (glueReady ??= loadEngine());
  const pool = openPool({ connectionString, max: 2 }, OWNERS_SESSION);
  const [fault] = await poolerFaults(pool, setting).catch(() => []); // one that is not reached, the engine names
  if (fault !== undefined) {
    await pool.end();
    throw new ConfigError(fault);
  }
  const adapter = bindMigrationAwareSqlAdapterFactory(readingCharColumns(pool));
  const options = { datamodels: datamodel ? [[datamodel.path, datamodel.content]] : null };
  try {
    const engine = await engineGlue.SchemaEngine.new(options as never, () => {}, adapter);
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

/**
 * Applies the migrations of `directory` (Prisma's layout: one folder each with a migration.sql) that the database does
 * not have yet.
 *
 * @param connectionString the owner of the base
 * @param setting the variable that names it, for what is said of it
 * @returns the names applied; empty when there was nothing to do
 */
export async function applyMigrations(
  connectionString: string,
  directory: string,
  setting?: string,
): Promise<string[]> {
  const migrationsList = await readMigrations(directory);
  return withEngine(
    connectionString,
    async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
      return appliedMigrationNames;
    },
    setting === undefined ? {} : { setting },
  );
}

async function readMigrations(directory: string) {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => {
      const value = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
    }),
  );
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: null },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

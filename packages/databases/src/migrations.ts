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
import { LOCK_MILLIS, patientStatements } from './patient-statements.ts';

/** The one function that we need: TypeScript declares WebAssembly only in its browser library. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/** Our tables are in `public`, whatever the role's search path. A migration has no time limit, and waits for no lock for long. */
const OWNERS_SESSION = { ...writingSettings(0), search_path: 'public', lock_timeout: String(LOCK_MILLIS) };

const NO_FILTER = { externalTables: [], externalEnums: [] };

let glueReady: Promise<void> | undefined;

/**
 * Prisma's migration engine as WebAssembly: the same bookkeeping and checksums as `prisma migrate deploy`, without the
 * engine binary that the command would download. One instance per process, because the glue module holds its memory.
 */
async function loadEngine(): Promise<void> {
  const glueFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(glueFile.replace(/\.js$/, '.wasm'));
  // The engine calls this global when it panics.
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
 * The engine sets a timer of 10 s for its lock and never clears it, which would keep a finished command alive. The glue reads
 * `globalThis.setTimeout` at each call, so we replace it during the call.
 */
function withoutLingeringTimers(glue: Record<string, (...args: unknown[]) => unknown>): object {
  const isSetTimeout = (name: string): boolean => name.startsWith('__wbg_setTimeout_');
  return Object.fromEntries(
    Object.entries(glue).map(([name, call]) => {
      if (!isSetTimeout(name)) return [name, call];
      const callUnreferenced = (...args: unknown[]): unknown => {
        const real = globalThis.setTimeout;
        globalThis.setTimeout = ((work: () => void, millis: number) => real(work, millis).unref()) as typeof setTimeout;
        try {
          return call(...args);
        } finally {
          globalThis.setTimeout = real;
        }
      };
      return [name, callUnreferenced];
    }),
  );
}

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * PrismaPg refuses columns of type "char", which PostgreSQL's catalogue has, but the engine expects them as characters. They pass the
 * adapter as text and get their type afterwards.
 */
function adapterForCharColumns(pool: pg.Pool): PrismaPg {
  let chars: number[] = [];
  const query = patientStatements(pool, pool.query.bind(pool) as never);
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
          const result = await queryRaw(...args); // the engine runs one query at a time
          for (const index of chars) result.columnTypes[index] = ColumnTypeEnum.Character;
          return result;
        },
      });
    },
  });
}

/**
 * Runs `work` with an engine over a pool of ours, because the engine does not close connections that it opens.
 *
 * @param options.setting name of the variable with the connection string, for error messages
 * @throws ConfigError when the connection goes through a pooler
 */
export async function withEngine<T>(
  connectionString: string,
  work: (engine: engineGlue.SchemaEngine) => Promise<T>,
  { datamodel, setting = "the owner's URL" }: { datamodel?: { content: string; path: string }; setting?: string } = {},
): Promise<T> {
  await (glueReady ??= loadEngine());
  const pool = openPool({ connectionString, max: 2 }, OWNERS_SESSION);
  const [fault] = await poolerFaults(pool, setting).catch(() => []); // the engine reports a server that does not answer
  if (fault !== undefined) {
    await pool.end();
    throw new ConfigError(fault);
  }
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterForCharColumns(pool));
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
 * Applies the migrations of `directory` that the database lacks. Prisma's layout: one folder with a migration.sql for each migration.
 *
 * @param connectionString of the owner of the base
 * @param setting name of the variable with that connection string, for error messages
 * @returns names of the applied migrations; empty when the database was up to date
 * @throws ConfigError when the connection goes through a pooler; errors of the engine
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
      await forgetFailures(engine, migrationsList);
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
      return appliedMigrationNames;
    },
    setting === undefined ? {} : { setting },
  );
}

/** A migration of which every statement may run again begins with this. */
const REPEATABLE = '-- Repeatable';

type Migrations = Awaited<ReturnType<typeof readMigrations>>;

/** The engine refuses to go on after a migration that failed or was interrupted. One that may run again is run again. */
async function forgetFailures(engine: engineGlue.SchemaEngine, migrationsList: Migrations): Promise<void> {
  const { failedMigrationNames } = await engine.diagnoseMigrationHistory({
    migrationsList,
    filters: NO_FILTER,
    optInToShadowDatabase: false,
  });
  const isRepeatable = new Set(
    migrationsList.migrationDirectories
      .filter(({ migrationFile }) => migrationFile.content.value.startsWith(REPEATABLE))
      .map(({ path }) => path),
  );
  for (const migrationName of failedMigrationNames)
    if (isRepeatable.has(migrationName)) await engine.markMigrationRolledBack({ migrationName });
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

import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BaseName, baseDatabase } from '@pessoa/domain/services';
import { type AuditedPostgres, startAuditedPostgres } from '@pessoa/testkit/audited-postgres';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { useServer } from '@pessoa/testkit/test-cluster';
import { startWholeGraph, type WholeGraph, type WholeGraphOptions } from './whole-graph.ts';

const MAIN = fileURLToPath(new URL('../../operations/src/audit-reads/main.ts', import.meta.url));
const run = promisify(execFile);

export interface CheckedReads {
  readonly code: number | null;
  readonly findings: readonly Record<string, unknown>[];
  readonly stderr: string;
}

/** The whole graph over a PostgreSQL that logs reads, and `npm run audit:reads` over that log. */
export interface AuditedBases {
  readonly graph: WholeGraph;
  readonly server: AuditedPostgres;
  /** Name of a role of the base, such as `reader`, on this server. */
  roleOf(base: BaseName, role: string): string;
  /** The text of the log so far. */
  log(): Promise<string>;
  /** Checks the reads of a base. @param args beside the names of the base and its roles */
  check(base: BaseName, args?: readonly string[], form?: 'csv' | 'json'): Promise<CheckedReads>;
  /** Runs a program of PostgreSQL's client, as a person does. @param url of the role */
  byHand(program: 'psql' | 'pg_dump', url: string, ...args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function startAuditedBases(options: WholeGraphOptions = {}): Promise<AuditedBases> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeResource of closers.splice(0)) await closeResource();
  };
  try {
    const server = await startAuditedPostgres();
    closers.unshift(() => server.close());
    closers.unshift(await useServer(server.url));
    const graph = await startWholeGraph(options);
    closers.unshift(() => graph.close());
    return { ...auditedBases(server, graph, await graph.environment.token(auditorToken)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const auditorToken = { scope: 'auditoria:read', clientId: 'auditoria', finalidade: 'PREVENCAO_FRAUDE' } as const;

function auditedBases(server: AuditedPostgres, graph: WholeGraph, token: string): Omit<AuditedBases, 'close'> {
  const { bases, environment } = graph;
  // The names of this server have the prefix of its run.
  const prefix = decodeURIComponent(new URL(bases.baseA.readerUrl).username).replace(/base_a_reader$/, '');
  const roleOf = (base: BaseName, role: string): string => `${prefix}${baseDatabase(base)}_${role}`;
  return {
    graph,
    server,
    roleOf,
    log: async () => readFile(await server.logFile('csv'), 'utf8'),
    async check(base, args = [], form = 'csv') {
      const ofBase = ['--base', baseDatabase(base).slice('base_'.length), '--database', new URL(bases[base].readerUrl).pathname.slice(1)]; // prettier-ignore
      const roles = ['--reader', roleOf(base, 'reader')];
      const child = spawn(process.execPath, [MAIN, await server.logFile(form), ...ofBase, ...roles, '--format', 'ndjson', ...args], {
        env: { ...bareEnvironment(), ...environment.env, AUDIT_TIMEOUT_MILLIS: '10000', AUDIT_TOKEN: token },
      }); // prettier-ignore
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      const findings = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
      return { code, findings, stderr };
    },
    async byHand(program, url, ...args) {
      await run(program, [...(program === 'psql' ? ['--no-psqlrc', '--set', 'ON_ERROR_STOP=1'] : []), url, ...args]);
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';

const mainOf = (command: string): string => fileURLToPath(new URL(`../../src/${command}/main.ts`, import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An audit, and a command of an auditor over it. */
export interface AuditUnderQuestion {
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  cpfHash(cpf: Cpf): string;
  /** Adds a record. What is not given is that of a usual read. */
  add(acesso: Record<string, unknown>): Promise<void>;
  start(args: readonly string[], variables?: NodeJS.ProcessEnv): ChildProcess;
  run(args: readonly string[], variables?: NodeJS.ProcessEnv, input?: string): Promise<Finished>;
  /** The records that questions left. */
  questions(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** @param command the folder of the command */
export async function openAuditUnderQuestion(command: 'audit' | 'audit-reads' = 'audit'): Promise<AuditUnderQuestion> {
  const bases = await openTestBases();
  const environment = await createTestEnvironment(bases);
  const { owner } = bases.auditoria;
  const AUDIT_TOKEN = await environment.token({
    scope: 'auditoria:read',
    clientId: 'auditoria',
    finalidade: 'PREVENCAO_FRAUDE',
  });
  const env = { ...bareEnvironment(), ...environment.env, AUDIT_TIMEOUT_MILLIS: '10000', AUDIT_TOKEN };
  const start: AuditUnderQuestion['start'] = (args, variables = {}) =>
    spawn(process.execPath, [mainOf(command), ...args], { env: { ...env, ...variables } });
  return {
    bases,
    environment,
    cpfHash: cpfHasher(Buffer.from(environment.env['CPF_HASH_KEY']!, 'base64url')),
    add: (acesso) =>
      insert(owner, 'acesso', {
        id: randomUUID(),
        client_id: 'loja',
        sujeito: 'atendente',
        campos: ['nome'],
        finalidade: 'VENDA_A_PRAZO',
        pelo_titular: false,
        resultado: 'ATENDIDO',
        data_hora: '2026-11-20T12:00:00Z',
        interacao: randomUUID(),
        operacao: 'Divida',
        servico: 'router',
        ...acesso,
      }),
    start,
    async run(args, variables, input = '') {
      const child = start(args, variables);
      child.stdin!.end(input);
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const [stdout, stderr, code] = await Promise.all([text(child.stdout!), text(child.stderr!), ended]);
      return { code, stdout, stderr };
    },
    async questions() {
      const { rows } = await owner.query<Record<string, unknown>>(
        `SELECT * FROM acesso WHERE servico = 'auditoria' ORDER BY cpf_hash, id`,
      );
      return rows;
    },
    async close() {
      await environment.close();
      await bases.drop();
    },
  };
}

/** The rows of an answer in NDJSON. */
export const rowsOf = ({ stdout }: Finished): Record<string, unknown>[] =>
  stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

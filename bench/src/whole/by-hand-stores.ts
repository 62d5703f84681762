import { openAuditLog } from '@pessoa/audit/audit-log';
import { personMarker } from '@pessoa/audit/person-marks';
import type { Cpf } from '@pessoa/domain/cpf';
import { toParameter } from '@pessoa/postgres/array-parameter';
import { openPool, readingSettings } from '@pessoa/postgres/connection-pool';
import { readConfig } from '@pessoa/router/config';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import type { Perfil } from '@pessoa/score/perfis/perfil';
import type pg from 'pg';
import type { Statement } from './by-hand-statements.ts';

/** What the service by hand reads and writes. */

export const config = readConfig(process.env);
export const markPerson = personMarker(config.cpfHashKey);
export const cpfHash = (cpf: Cpf): string => markPerson(cpf).cpfHash;
export const caches = process.env['BY_HAND_CACHE'] === 'on' ? { perfis: new Map<Cpf, Perfil>(), compras: new Map<Cpf, string | null>() } : undefined; // prettier-ignore

const open = (variable: string): pg.Pool =>
  openPool({ connectionString: process.env[variable]!, max: 10, min: 10 }, readingSettings(5_000));
export const [baseA, baseB, baseC] = [open('BASE_A_URL'), open('BASE_B_URL'), open('BASE_C_URL')] as const;
export const auditReader = open('AUDIT_READER_URL');
export const auditLog = openAuditLog(config.audit, () => {}, createMetrics('by-hand'));

export type Row = Record<string, never>;

export async function rowsOf(pool: pg.Pool, { name, text }: Statement, values: unknown[]): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values: values.map(toParameter) })).rows;
}

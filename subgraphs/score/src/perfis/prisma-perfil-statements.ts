import { baseB } from '@pessoa/bases/base-b';
import type { Cpf } from '@pessoa/domain/cpf';
import type { TableName } from '@pessoa/subgraph/base/base';
import { selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma } from '../generated/prisma/client.ts';

const TITULAR = Prisma.raw(selectList(baseB, 'titular'));
const ENDERECO = Prisma.raw(selectList(baseB, 'endereco'));
const BEM = Prisma.raw(selectList(baseB, 'bem'));
const FONTE_DE_RENDA = Prisma.raw(selectList(baseB, 'fonte_de_renda'));

export const titularesStatement = (cpfs: readonly Cpf[], table: TableName): Prisma.Sql => Prisma.sql`
  SELECT ${TITULAR} FROM ${Prisma.raw(table('titular'))} WHERE cpf = ANY (${cpfs}::bpchar[])`;

export const enderecosStatement = (cpfs: readonly Cpf[], table: TableName): Prisma.Sql => Prisma.sql`
  SELECT ${ENDERECO} FROM ${Prisma.raw(table('endereco'))} WHERE cpf = ANY (${cpfs}::bpchar[])`;

/** @param limit assets a person, at most */
export const bensStatement = (cpfs: readonly Cpf[], table: TableName, limit: number): Prisma.Sql =>
  itemsStatement(cpfs, BEM, table('bem'), limit);

/** @param limit incomes a person, at most */
export const fontesDeRendaStatement = (cpfs: readonly Cpf[], table: TableName, limit: number): Prisma.Sql =>
  itemsStatement(cpfs, FONTE_DE_RENDA, table('fonte_de_renda'), limit);

const itemsStatement = (
  cpfs: readonly Cpf[],
  columns: Prisma.Sql,
  table: string,
  limit: number,
): Prisma.Sql => Prisma.sql`
  SELECT i.*
  FROM unnest(${cpfs}::bpchar[]) AS requested (cpf)
  CROSS JOIN LATERAL (
    SELECT ${columns}
    FROM ${Prisma.raw(table)} t WHERE t.cpf = requested.cpf
    ORDER BY id COLLATE "C"
    LIMIT ${limit}
  ) i
  ORDER BY i.id COLLATE "C"`;

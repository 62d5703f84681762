import { baseB } from '@pessoa/bases/base-b';
import type { Cpf } from '@pessoa/domain/cpf';
import type { TableName } from '@pessoa/subgraph/base/base';
import { selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma } from '../generated/prisma/client.ts';

const selected = (table: keyof typeof baseB.contract): Prisma.Sql => Prisma.raw(selectList(baseB, table));

export const titularesStatement = (cpfs: readonly Cpf[], table: TableName): Prisma.Sql => Prisma.sql`
  SELECT ${selected('titular')} FROM ${Prisma.raw(table('titular'))}
  WHERE cpf = ANY (${cpfs}::bpchar[])`;

export const enderecosStatement = (cpfs: readonly Cpf[], table: TableName): Prisma.Sql => Prisma.sql`
  SELECT ${selected('endereco')}
  FROM ${Prisma.raw(table('endereco'))} WHERE cpf = ANY (${cpfs}::bpchar[])`;

/** @param limit assets a person, at most */
export const bensStatement = (cpfs: readonly Cpf[], table: TableName, limit: number): Prisma.Sql => Prisma.sql`
  SELECT b.*
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT ${selected('bem')}
    FROM ${Prisma.raw(table('bem'))} t WHERE t.cpf = asked.cpf
    ORDER BY id COLLATE "C"
    LIMIT ${limit}
  ) b
  ORDER BY b.id COLLATE "C"`;

/** @param limit sources of income a person, at most */
export const fontesDeRendaStatement = (cpfs: readonly Cpf[], table: TableName, limit: number): Prisma.Sql => Prisma.sql`
  SELECT f.*
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT ${selected('fonte_de_renda')}
    FROM ${Prisma.raw(table('fonte_de_renda'))} t WHERE t.cpf = asked.cpf
    ORDER BY id COLLATE "C"
    LIMIT ${limit}
  ) f
  ORDER BY f.id COLLATE "C"`;

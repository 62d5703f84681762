import type { Cpf } from '@pessoa/domain/cpf';
import type { TableName } from '@pessoa/platform/base/base';
import { dayText, instantText } from '@pessoa/platform/base/sql-values';
import { Prisma } from '../generated/prisma/client.ts';

// Days and amounts as text: a JavaScript Date has no day without a time, and a number loses centavos.

const day = (column: string): Prisma.Sql => Prisma.raw(dayText(column));

export const titularesStatement = (cpfs: readonly Cpf[], table: TableName): Prisma.Sql => Prisma.sql`
  SELECT cpf, ${day('nascimento')} AS "nascimento" FROM ${Prisma.raw(table('titular'))}
  WHERE cpf = ANY (${cpfs}::bpchar[])`;

export const enderecosStatement = (cpfs: readonly Cpf[], table: TableName): Prisma.Sql => Prisma.sql`
  SELECT cpf, logradouro, numero, complemento, bairro, cidade, uf, cep, codigo_ibge AS "codigoIbge",
         ${Prisma.raw(instantText('atualizado_em'))} AS "atualizadoEm"
  FROM ${Prisma.raw(table('endereco'))} WHERE cpf = ANY (${cpfs}::bpchar[])`;

/** @param limit assets a person, at most */
export const bensStatement = (cpfs: readonly Cpf[], table: TableName, limit: number): Prisma.Sql => Prisma.sql`
  SELECT b.*
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT cpf, id, tipo, descricao, valor_estimado::text AS "valorEstimado", ${day('data_avaliacao')} AS "dataAvaliacao",
           onerado, saldo_devedor::text AS "saldoDevedor", percentual_propriedade AS "percentualPropriedade", uf
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
    SELECT cpf, id, tipo, pagador, cnpj_pagador AS "cnpjPagador", ocupacao, valor::text AS "valor", periodicidade,
           ${day('desde')} AS "desde", comprovada
    FROM ${Prisma.raw(table('fonte_de_renda'))} t WHERE t.cpf = asked.cpf
    ORDER BY id COLLATE "C"
    LIMIT ${limit}
  ) f
  ORDER BY f.id COLLATE "C"`;

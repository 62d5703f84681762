import type { Cpf } from '@pessoa/domain/cpf';
import { Prisma } from '../generated/prisma/client.ts';

// Days and amounts as text: a JavaScript Date has no day without a time, and a number loses centavos.

export const titularesStatement = (cpfs: readonly Cpf[]): Prisma.Sql => Prisma.sql`
  SELECT cpf, nascimento::text AS "nascimento" FROM titular WHERE cpf = ANY (${cpfs}::bpchar[])`;

/** @param limit assets a person, at most */
export const bensStatement = (cpfs: readonly Cpf[], limit: number): Prisma.Sql => Prisma.sql`
  SELECT b.*
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT cpf, id, tipo, descricao, valor_estimado::text AS "valorEstimado", data_avaliacao::text AS "dataAvaliacao",
           onerado, saldo_devedor::text AS "saldoDevedor", percentual_propriedade AS "percentualPropriedade", uf
    FROM bem WHERE bem.cpf = asked.cpf
    ORDER BY id
    LIMIT ${limit}
  ) b
  ORDER BY b.id`;

/** @param limit sources of income a person, at most */
export const fontesDeRendaStatement = (cpfs: readonly Cpf[], limit: number): Prisma.Sql => Prisma.sql`
  SELECT f.*
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT cpf, id, tipo, pagador, cnpj_pagador AS "cnpjPagador", ocupacao, valor::text AS "valor", periodicidade,
           desde::text AS "desde", comprovada
    FROM fonte_de_renda WHERE fonte_de_renda.cpf = asked.cpf
    ORDER BY id
    LIMIT ${limit}
  ) f
  ORDER BY f.id`;

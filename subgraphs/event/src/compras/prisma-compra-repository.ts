import { baseC, type CompraCartaoRow } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import { selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { instituicaoOf } from '../instituicao.ts';
import { startOfTomorrow } from '../period.ts';
import type { CompraRepository } from './compra-repository.ts';
import type { Compra } from './compra.ts';

export function prismaCompraRepository(base: Base<PrismaClient>, clock: Clock): CompraRepository {
  return {
    async findUltimas(cpfs) {
      const tomorrow = startOfTomorrow(clock);
      const compras = await base.read((_, { table, rows }) =>
        rows<SelectedRow>(ultimasStatement(cpfs, tomorrow, table)),
      );
      const byCpf = new Map(compras.map((row) => [row.pessoa, compraOf(row)]));
      return cpfs.map((cpf) => byCpf.get(cpf));
    },
  };
}

interface SelectedRow extends Omit<CompraCartaoRow, 'cpf'> {
  readonly pessoa: string;
}

function compraOf({ pessoa: _, emissorNome, emissorIspb, emissorCompe, ...rest }: SelectedRow): Compra {
  return {
    ...rest,
    dataHora: readEpoch(rest.dataHora),
    emissor: instituicaoOf(emissorNome, emissorIspb, emissorCompe),
  };
}

const SELECT_LIST = Prisma.raw(selectList(baseC, 'compra_cartao', { alias: 'c', omit: ['cpf'] }));

const ultimasStatement = (cpfs: readonly Cpf[], tomorrow: string, table: TableName): Prisma.Sql => Prisma.sql`
  SELECT requested.cpf AS "pessoa", c.*
  FROM unnest(${cpfs}::bpchar[]) AS requested (cpf)
  CROSS JOIN LATERAL (
    SELECT ${SELECT_LIST}
    FROM ${Prisma.raw(table('compra_cartao'))} c
    -- NULL sorts first: a purchase without an instant may be the newest
    WHERE c.cpf = requested.cpf AND (c.data_hora >= ${tomorrow}::timestamptz) IS NOT TRUE
    ORDER BY c.data_hora DESC, c.id COLLATE "C" DESC
    LIMIT 1
  ) c`;

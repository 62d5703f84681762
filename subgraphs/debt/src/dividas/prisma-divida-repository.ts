import { baseA } from '@pessoa/bases/base-a';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Position } from '@pessoa/domain/paging';
import { dayText } from '@pessoa/postgres/sql-values';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import { columnList, selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { DividaFilter } from './divida-filter.ts';
import { WITHOUT_VENCIMENTO, type DividaPageQuery, type DividaRepository } from './divida-repository.ts';
import type { Divida, Resumo } from './divida.ts';
import type { Visibility } from './visibility.ts';

export function prismaDividaRepository(base: Base<PrismaClient>): DividaRepository {
  return {
    pages: (cpfs, query) =>
      base.read(async (_, { isStale, table, rows }) => {
        const byCpf = Map.groupBy(await rows<PageRow>(pagesStatement(cpfs, query, table)), ({ pessoa }) => pessoa);
        return cpfs.map((cpf) => {
          // A known person without debts comes as one row of nulls.
          const dividas = byCpf.get(cpf)?.flatMap((row) => (row.id === null ? [] : [dividaOf(row)]));
          return dividas && { dividas, desatualizado: isStale };
        });
      }),
    // By Prisma: few requests ask for totals (docs/decisions/0031).
    resumos: (cpfs, query) =>
      base.read(async (client, { isStale, table }) => {
        const rows = await client.$queryRaw<ResumoRow[]>(resumosStatement(cpfs, query, table));
        const byCpf = new Map(rows.map(({ pessoa, ...resumo }) => [pessoa, { ...resumo, desatualizado: isStale }]));
        return cpfs.map((cpf) => byCpf.get(cpf));
      }),
  };
}

interface ResumoRow extends Omit<Resumo, 'desatualizado'> {
  readonly pessoa: string;
}

interface PageRow extends Omit<Divida, 'id' | 'credor'> {
  readonly pessoa: string;
  readonly id: string | null;
  readonly credorNome: string;
  readonly credorCnpj: string | null;
}

function dividaOf({ pessoa: _, id, credorNome, credorCnpj, ...rest }: PageRow): Divida {
  return { id: id!, credor: { nome: credorNome, cnpj: credorCnpj }, ...rest };
}

const day = (column: string): Prisma.Sql => Prisma.raw(dayText(column));

/** By bytes: the order is the same in every copy of Base A, whatever the collation. */
const ID_BY_BYTES = Prisma.sql`d.id COLLATE "C"`;

const SHOWN = { alias: 'd', omit: ['cpf', 'credor_id'] } as const;
const SELECT_LIST = Prisma.raw(selectList(baseA, 'divida', SHOWN));
const COLUMNS = Prisma.raw(columnList(baseA, 'divida', SHOWN));

// `d` is the table within the subquery and the subquery outside of it, so that both lists fit.
const pagesStatement = (
  cpfs: readonly Cpf[],
  { visibility, filter, after, limit }: DividaPageQuery,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT p.cpf AS "pessoa", d.credor_nome AS "credorNome", d.credor_cnpj AS "credorCnpj", ${SELECT_LIST}
  FROM ${Prisma.raw(table('pessoa'))} p
  LEFT JOIN LATERAL (
    SELECT c.nome AS credor_nome, c.cnpj AS credor_cnpj, ${COLUMNS}
    FROM ${Prisma.raw(table('divida'))} d JOIN ${Prisma.raw(table('credor'))} c ON c.id = d.credor_id
    WHERE d.cpf = p.cpf AND ${isVisible(visibility)} AND ${matchesFilter(filter)}
      ${after ? isAfter(after) : Prisma.empty}
    ORDER BY d.vencimento DESC, ${ID_BY_BYTES} DESC
    LIMIT ${limit}
  ) d ON true
  WHERE p.cpf = ANY (${cpfs}::bpchar[])
  -- by the date column: as text, an infinite date or a year past 9999 would sort differently
  ORDER BY d.vencimento DESC, ${ID_BY_BYTES} DESC`;

const resumosStatement = (
  cpfs: readonly Cpf[],
  { visibility, filter }: Pick<DividaPageQuery, 'visibility' | 'filter'>,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT p.cpf AS "pessoa", d.quantidade, d."valorTotal", ${day('d.primeira')} AS "primeiraOcorrencia",
         ${day('d.ultima')} AS "ultimaOcorrencia"
  FROM ${Prisma.raw(table('pessoa'))} p
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade",
           -- NaN makes the field FONTE_INVALIDA: a total with a negative amount would look right and be wrong
           CASE WHEN least(min(d.valor_original), min(d.valor_atualizado)) < 0 THEN 'NaN'
                ELSE round(coalesce(sum(coalesce(d.valor_atualizado, d.valor_original)), 0), 2)::text END AS "valorTotal",
           min(d.vencimento) AS primeira, max(d.vencimento) AS ultima
    FROM ${Prisma.raw(table('divida'))} d JOIN ${Prisma.raw(table('credor'))} c ON c.id = d.credor_id
    WHERE d.cpf = p.cpf AND ${isVisible(visibility)} AND ${matchesFilter(filter)}
  ) d
  WHERE p.cpf = ANY (${cpfs}::bpchar[])`;

const isVisible = (visibility: Visibility): Prisma.Sql =>
  visibility
    ? Prisma.sql`(d.situacao = ANY (${visibility.situacoes})
                  AND d.vencimento BETWEEN ${visibility.vencimentoDesde}::date AND ${visibility.hoje}::date
                  AND d.data_comunicacao <= d.data_inclusao AND d.data_inclusao <= ${visibility.hoje}::date)`
    : Prisma.sql`true`;

/** Condition for the debts after this position. Debts without `vencimento` come first. */
const isAfter = ({ sort, id }: Position): Prisma.Sql =>
  sort === WITHOUT_VENCIMENTO
    ? Prisma.sql`AND (d.vencimento IS NOT NULL OR ${ID_BY_BYTES} < ${id})`
    : Prisma.sql`AND (d.vencimento, ${ID_BY_BYTES}) < (${sort}::date, ${id})`;

function matchesFilter(filter: DividaFilter): Prisma.Sql {
  const conditions = [
    filter.modalidades && Prisma.sql`d.modalidade = ANY (${filter.modalidades})`,
    filter.naturezas && Prisma.sql`d.natureza = ANY (${filter.naturezas})`,
    filter.situacoes && Prisma.sql`d.situacao = ANY (${filter.situacoes})`,
    filter.valorMinimo && Prisma.sql`coalesce(d.valor_atualizado, d.valor_original) >= ${filter.valorMinimo}::numeric`,
    filter.vencimentoDe && Prisma.sql`d.vencimento >= ${filter.vencimentoDe}::date`,
    filter.vencimentoAte && Prisma.sql`d.vencimento <= ${filter.vencimentoAte}::date`,
  ].filter((condition) => condition !== null && condition !== '');
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' AND ');
}

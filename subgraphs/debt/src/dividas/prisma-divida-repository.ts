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
      base.read(async (client, { isStale, table }) => {
        const rows = await client.$queryRaw<PageRow[]>(pagesStatement(cpfs, query, table));
        const byCpf = Map.groupBy(rows, ({ pessoa }) => pessoa);
        return cpfs.map((cpf) => {
          // A person without debts is one row of nulls: known, and an empty list.
          const dividas = byCpf.get(cpf)?.flatMap((row) => (row.id === null ? [] : [dividaOf(row)]));
          return dividas && { dividas, desatualizado: isStale };
        });
      }),
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

/** By its bytes, whatever the database's collation: the same order in every copy of Base A. */
const ID_IN_ORDER = Prisma.sql`d.id COLLATE "C"`;

const OWN = { alias: 'd', omit: ['cpf', 'credor_id'] } as const;
const SELECTED = Prisma.raw(selectList(baseA, 'divida', OWN));
const COLUMNS = Prisma.raw(columnList(baseA, 'divida', OWN));

const pagesStatement = (
  cpfs: readonly Cpf[],
  { visibility, filter, after, limit }: DividaPageQuery,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT p.cpf AS "pessoa", d.credor_nome AS "credorNome", d.credor_cnpj AS "credorCnpj", ${SELECTED}
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  JOIN ${Prisma.raw(table('pessoa'))} p ON p.cpf = asked.cpf
  LEFT JOIN LATERAL (
    SELECT c.nome AS credor_nome, c.cnpj AS credor_cnpj, ${COLUMNS}
    FROM ${Prisma.raw(table('divida'))} d JOIN ${Prisma.raw(table('credor'))} c ON c.id = d.credor_id
    WHERE d.cpf = p.cpf AND ${visible(visibility)} AND ${matches(filter)}
      ${after ? behind(after) : Prisma.empty}
    ORDER BY d.vencimento DESC, ${ID_IN_ORDER} DESC
    LIMIT ${limit}
  ) d ON true
  -- as days: among texts an infinite one, or one of a year past 9999, would change places with its neighbours
  ORDER BY d.vencimento DESC, ${ID_IN_ORDER} DESC`;

const resumosStatement = (
  cpfs: readonly Cpf[],
  { visibility, filter }: Pick<DividaPageQuery, 'visibility' | 'filter'>,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT p.cpf AS "pessoa", d.quantidade, d."valorTotal", ${day('d.primeira')} AS "primeiraOcorrencia",
         ${day('d.ultima')} AS "ultimaOcorrencia"
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  JOIN ${Prisma.raw(table('pessoa'))} p ON p.cpf = asked.cpf
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade",
           -- a sum over an amount below zero would be wrong, and nobody could tell
           CASE WHEN least(min(d.valor_original), min(d.valor_atualizado)) < 0 THEN 'NaN'
                ELSE round(coalesce(sum(coalesce(d.valor_atualizado, d.valor_original)), 0), 2)::text END AS "valorTotal",
           min(d.vencimento) AS primeira, max(d.vencimento) AS ultima
    FROM ${Prisma.raw(table('divida'))} d
    WHERE d.cpf = p.cpf AND ${visible(visibility)} AND ${matches(filter)}
  ) d`;

const visible = (visibility: Visibility): Prisma.Sql =>
  visibility
    ? Prisma.sql`(d.situacao = ANY (${visibility.situacoes})
                  AND d.vencimento BETWEEN ${visibility.vencimentoDesde}::date AND ${visibility.hoje}::date
                  AND d.data_comunicacao <= d.data_inclusao AND d.data_inclusao <= ${visibility.hoje}::date)`
    : Prisma.sql`true`;

/** What comes after a debt of an earlier page. One without `vencimento` stands before all others. */
const behind = ({ sort, id }: Position): Prisma.Sql =>
  sort === WITHOUT_VENCIMENTO
    ? Prisma.sql`AND (d.vencimento IS NOT NULL OR ${ID_IN_ORDER} < ${id})`
    : Prisma.sql`AND (d.vencimento, ${ID_IN_ORDER}) < (${sort}::date, ${id})`;

function matches(filter: DividaFilter): Prisma.Sql {
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

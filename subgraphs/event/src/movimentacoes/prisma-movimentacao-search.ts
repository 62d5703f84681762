import { baseC, type MovimentacaoRow } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import { camelCase, columnList, selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { instituicaoOf } from '../instituicao.ts';
import { instantRangeOf } from '../period.ts';
import type { MovimentacaoFilter } from './movimentacao-filter.ts';
import { BRIEF_FIELDS, type MovimentacaoQuery, type MovimentacaoSearch } from './movimentacao-search.ts';
import type { Movimentacao } from './movimentacao.ts';

/** Searches Base C, by statements of Prisma that `pg` runs (docs/decisions/0031), along its index on CPF, instant and id. */
export function prismaMovimentacaoSearch(base: Base<PrismaClient>): MovimentacaoSearch {
  return {
    async find(cpfs, query) {
      const movimentacoes = await base.read((_, { table, rows }) =>
        rows<SelectedRow>(findStatement(cpfs, query, table)),
      );
      const byCpf = Map.groupBy(movimentacoes, ({ pessoa }) => pessoa);
      return cpfs.map((cpf) => byCpf.get(cpf)?.map(movimentacaoOf) ?? []);
    },
    async count(cpfs, filter, limit) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<CountRow[]>(countStatement(cpfs, filter, limit, table)),
      );
      const byCpf = new Map(rows.map(({ pessoa, quantidade }) => [pessoa, quantidade]));
      return cpfs.map((cpf) => byCpf.get(cpf) ?? 0);
    },
  };
}

interface SelectedRow extends Omit<MovimentacaoRow, 'cpf' | 'palavras'> {
  readonly pessoa: string;
}

interface CountRow {
  readonly pessoa: string;
  readonly quantidade: number;
}

function movimentacaoOf(row: SelectedRow): Movimentacao {
  const { pessoa: _, instituicaoNome, instituicaoIspb, instituicaoCompe, ...rest } = row;
  return {
    ...rest,
    dataHora: readEpoch(rest.dataHora),
    instituicao: instituicaoOf(instituicaoNome, instituicaoIspb, instituicaoCompe),
  };
}

/** By bytes: the order is the same as in the search index and in every copy of Base C, whatever the collation. */
const ID_BY_BYTES = Prisma.sql`m.id COLLATE "C"`;

type Column = (typeof baseC.contract.movimentacao)[number];

const listsWithout = (omit: readonly Column[]) => ({
  selectList: Prisma.raw(selectList(baseC, 'movimentacao', { alias: 'm', omit })),
  columns: Prisma.raw(columnList(baseC, 'movimentacao', { alias: 'm', omit })),
});

const ALL = listsWithout(['cpf', 'palavras']);
const briefNames: ReadonlySet<string> = new Set(BRIEF_FIELDS);
const BRIEF = listsWithout(baseC.contract.movimentacao.filter((column) => !briefNames.has(camelCase(column))));

const findStatement = (
  cpfs: readonly Cpf[],
  { filter, after, limit, isBrief = false }: MovimentacaoQuery,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT requested.cpf AS "pessoa", ${(isBrief ? BRIEF : ALL).selectList}
  FROM unnest(${cpfs}::bpchar[]) AS requested (cpf)
  CROSS JOIN LATERAL (
    SELECT ${(isBrief ? BRIEF : ALL).columns}
    FROM ${Prisma.raw(table('movimentacao'))} m
    WHERE m.cpf = requested.cpf AND ${matches(filter)}
      ${after ? Prisma.sql`AND (m.data_hora, ${ID_BY_BYTES}) < (${after.sort}::timestamptz, ${after.id})` : Prisma.empty}
    ORDER BY m.data_hora DESC, ${ID_BY_BYTES} DESC
    LIMIT ${limit}
  ) m
  ORDER BY m.data_hora DESC, ${ID_BY_BYTES} DESC`;

const countStatement = (
  cpfs: readonly Cpf[],
  filter: MovimentacaoFilter,
  limit: number,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT requested.cpf AS "pessoa", m.quantidade
  FROM unnest(${cpfs}::bpchar[]) AS requested (cpf)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade"
    FROM (SELECT FROM ${Prisma.raw(table('movimentacao'))} m WHERE m.cpf = requested.cpf AND ${matches(filter)} LIMIT ${limit}) bounded
  ) m`;

function matches({ natureza, tipos, valorMinimo, valorMaximo, palavras, ...period }: MovimentacaoFilter): Prisma.Sql {
  const { from, until } = instantRangeOf(period);
  const conditions = [
    Prisma.sql`m.data_hora >= ${from}::timestamptz AND m.data_hora < ${until}::timestamptz`,
    natureza && Prisma.sql`m.natureza = ${natureza}`,
    tipos && Prisma.sql`m.tipo = ANY (${tipos})`,
    valorMinimo && Prisma.sql`m.valor >= ${valorMinimo}::numeric`,
    valorMaximo && Prisma.sql`m.valor <= ${valorMaximo}::numeric`,
    palavras.length > 0 && hasWords(palavras),
  ].filter((condition) => condition instanceof Prisma.Sql);
  return Prisma.join(conditions, ' AND ');
}

/**
 * Matches the stored words as one text, each word between two spaces. With a tsvector, one posting with a word over
 * 2,047 bytes would fail the whole statement. With an array, each posting would cost a subquery, which takes twice the
 * time. An index on words would not help: one person has few postings.
 */
function hasWords(palavras: readonly string[]): Prisma.Sql {
  // Words consist of a-z and 0-9, so no word holds a wildcard.
  const patterns = palavras.map((palavra, index) => (index < palavras.length - 1 ? `% ${palavra} %` : `% ${palavra}%`));
  return Prisma.sql`' ' || array_to_string(m.palavras, ' ') || ' ' LIKE ALL (${patterns}::text[])`;
}

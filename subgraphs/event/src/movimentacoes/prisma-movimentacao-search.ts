import { baseC, type MovimentacaoRow } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import { readInstant } from '@pessoa/postgres/sql-values';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import { columnList, selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { instituicaoOf } from '../instituicao.ts';
import { instantesOf } from '../periodo.ts';
import type { MovimentacaoFilter } from './movimentacao-filter.ts';
import type { MovimentacaoQuery, MovimentacaoSearch } from './movimentacao-search.ts';
import type { Movimentacao } from './movimentacao.ts';

/** Search in Base C itself, along its index on CPF and instant. */
export function prismaMovimentacaoSearch(base: Base<PrismaClient>): MovimentacaoSearch {
  return {
    async find(cpfs, query) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<FoundRow[]>(findStatement(cpfs, query, table)),
      );
      const byCpf = Map.groupBy(rows, ({ pessoa }) => pessoa);
      return cpfs.map((cpf) => byCpf.get(cpf)?.map(movimentacaoOf) ?? []);
    },
    async count(cpfs, filter, upTo) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<CountRow[]>(countStatement(cpfs, filter, upTo, table)),
      );
      const byCpf = new Map(rows.map(({ pessoa, quantidade }) => [pessoa, quantidade]));
      return cpfs.map((cpf) => byCpf.get(cpf) ?? 0);
    },
  };
}

interface FoundRow extends Omit<MovimentacaoRow, 'cpf' | 'palavras'> {
  readonly pessoa: string;
}

interface CountRow {
  readonly pessoa: string;
  readonly quantidade: number;
}

function movimentacaoOf(row: FoundRow): Movimentacao {
  const { pessoa: _, instituicaoNome, instituicaoIspb, instituicaoCompe, ...rest } = row;
  return {
    ...rest,
    dataHora: readInstant(rest.dataHora),
    instituicao: instituicaoOf(instituicaoNome, instituicaoIspb, instituicaoCompe),
  };
}

/** By its bytes, whatever the database's collation: the same order as the index's, and as any other copy of Base C. */
const ID_IN_ORDER = Prisma.sql`m.id COLLATE "C"`;

const SHOWN = { of: 'm', without: ['cpf', 'palavras'] } as const;
const SELECTED = Prisma.raw(selectList(baseC, 'movimentacao', SHOWN));
const COLUMNS = Prisma.raw(columnList(baseC, 'movimentacao', SHOWN));

const findStatement = (
  cpfs: readonly Cpf[],
  { filter, after, limit }: MovimentacaoQuery,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT asked.cpf AS "pessoa", ${SELECTED}
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS}
    FROM ${Prisma.raw(table('movimentacao'))} m
    WHERE m.cpf = asked.cpf AND ${matches(filter)}
      ${after ? Prisma.sql`AND (m.data_hora, ${ID_IN_ORDER}) < (${after.sort}::timestamptz, ${after.id})` : Prisma.empty}
    ORDER BY m.data_hora DESC, ${ID_IN_ORDER} DESC
    LIMIT ${limit}
  ) m
  ORDER BY m.data_hora DESC, ${ID_IN_ORDER} DESC`;

const countStatement = (
  cpfs: readonly Cpf[],
  filter: MovimentacaoFilter,
  upTo: number,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT asked.cpf AS "pessoa", m.quantidade
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade"
    FROM (SELECT FROM ${Prisma.raw(table('movimentacao'))} m WHERE m.cpf = asked.cpf AND ${matches(filter)} LIMIT ${upTo}) bounded
  ) m`;

function matches({ natureza, tipos, valorMinimo, valorMaximo, palavras, ...periodo }: MovimentacaoFilter): Prisma.Sql {
  const { from, until } = instantesOf(periodo);
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
 * Over the stored words in one text, each between two spaces. As a tsvector, one posting with a word over 2,047 bytes would
 * fail the whole statement; as a list, each posting would cost a subquery (twice the time). An index on words without the
 * CPF would not be used: the postings of one person are few.
 */
function hasWords(palavras: readonly string[]): Prisma.Sql {
  // Words are made of a-z and 0-9 alone, so none of them is a pattern itself.
  const patterns = palavras.map((palavra, index) => (index < palavras.length - 1 ? `% ${palavra} %` : `% ${palavra}%`));
  return Prisma.sql`' ' || array_to_string(m.palavras, ' ') || ' ' LIKE ALL (${patterns}::text[])`;
}

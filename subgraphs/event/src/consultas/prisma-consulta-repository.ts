import { baseC, type ConsultaRow } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import { columnList, selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaKey, ConsultaQuery, ConsultaRepository } from './consulta-repository.ts';
import type { Consulta } from './consulta.ts';

/** The inquiries in Base C: those that other bureaus answered, and ours from before our audit. */
export function prismaConsultaRepository(base: Base<PrismaClient>): ConsultaRepository {
  return {
    store: 'base-c',
    async find(cpfs, query) {
      const consultas = await base.read((_, { table, rows }) => rows<SelectedRow>(findStatement(cpfs, query, table)));
      const byCpf = Map.groupBy(consultas, ({ pessoa }) => pessoa);
      return cpfs.map((cpf) => byCpf.get(cpf)?.map((row) => consultaOf(cpf, row)) ?? []);
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

interface SelectedRow extends Omit<ConsultaRow, 'cpf' | 'dataHora'> {
  readonly pessoa: string;
  /** Seconds of the epoch, such as `1795176000.000000`; also `Infinity` and `-Infinity`. */
  readonly dataHora: string | null;
}

interface CountRow {
  readonly pessoa: string;
  readonly quantidade: number;
}

const consultaOf = (cpf: Cpf, { pessoa: _, dataHora, ...row }: SelectedRow): Consulta => ({
  store: 'base-c',
  cpf,
  dataHoraMillis: dataHora === null ? null : Math.round(Number(dataHora) * 1_000),
  ...row,
});

/** By bytes: the order is the same in every copy of Base C, whatever the collation of its database. */
const ID_BY_BYTES = Prisma.sql`c.id COLLATE "C"`;

/** The condition for rows after `key`. Descending, PostgreSQL sorts NULL before every instant. */
const comesAfter = ({ dataHoraMillis, id }: ConsultaKey): Prisma.Sql =>
  dataHoraMillis === null
    ? Prisma.sql`AND (c.data_hora IS NOT NULL OR ${ID_BY_BYTES} < ${id})`
    : Prisma.sql`AND (c.data_hora, ${ID_BY_BYTES}) < (${instantSql(dataHoraMillis)}, ${id})`;

/** Adds seconds and milliseconds apart: a double does not hold both for years far beyond 9999. */
function instantSql(millis: number): Prisma.Sql {
  if (!Number.isFinite(millis)) return Prisma.sql`${millis > 0 ? 'infinity' : '-infinity'}::timestamptz`;
  const seconds = Math.floor(millis / 1_000);
  return Prisma.sql`(timestamptz 'epoch' + ${seconds}::float8 * interval '1 second'
    + ${millis - seconds * 1_000}::float8 * interval '1 millisecond')`;
}

const SHOWN = { alias: 'c', omit: ['cpf'] } as const;
const SELECT_LIST = Prisma.raw(selectList(baseC, 'consulta', SHOWN));
const COLUMNS = Prisma.raw(columnList(baseC, 'consulta', SHOWN));

const findStatement = (
  cpfs: readonly Cpf[],
  { filter, after, limit }: ConsultaQuery,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT requested.cpf AS "pessoa", ${SELECT_LIST}
  FROM unnest(${cpfs}::bpchar[]) AS requested (cpf)
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS}
    FROM ${Prisma.raw(table('consulta'))} c
    WHERE c.cpf = requested.cpf ${matches(filter)}
      ${after ? comesAfter(after) : Prisma.empty}
    ORDER BY c.data_hora DESC, ${ID_BY_BYTES} DESC
    LIMIT ${limit}
  ) c
  ORDER BY c.data_hora DESC, ${ID_BY_BYTES} DESC`;

const countStatement = (
  cpfs: readonly Cpf[],
  filter: ConsultaFilter,
  limit: number,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT requested.cpf AS "pessoa", c.quantidade
  FROM unnest(${cpfs}::bpchar[]) AS requested (cpf)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade"
    FROM (SELECT FROM ${Prisma.raw(table('consulta'))} c WHERE c.cpf = requested.cpf ${matches(filter)} LIMIT ${limit}) bounded
  ) c`;

function matches({ from, until, knownBefore, finalidades, thirdPartiesOnly }: ConsultaFilter): Prisma.Sql {
  const conditions = [
    from && Prisma.sql`AND c.data_hora >= ${from}::timestamptz`,
    until && Prisma.sql`AND c.data_hora < ${until}::timestamptz`,
    knownBefore && Prisma.sql`AND (c.data_hora >= ${knownBefore}::timestamptz) IS NOT TRUE`,
    finalidades && Prisma.sql`AND c.finalidade = ANY (${finalidades})`,
    // With NULL, Base C does not say who asked: it may have been a third party.
    thirdPartiesOnly && Prisma.sql`AND c.pelo_titular IS NOT TRUE`,
  ].filter((condition) => condition instanceof Prisma.Sql);
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, ' ');
}

import { baseC, type ConsultaRow } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import { columnList, selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaKey, ConsultaQuery, ConsultaSource } from './consulta-source.ts';
import type { Consulta } from './consulta.ts';

/** The reads that Base C has: those of other bureaus, and ours from before our audit. */
export function prismaConsultaSource(base: Base<PrismaClient>): ConsultaSource {
  return {
    origem: 'base-c',
    async find(cpfs, query) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<FoundRow[]>(findStatement(cpfs, query, table)),
      );
      const byCpf = Map.groupBy(rows, ({ pessoa }) => pessoa);
      return cpfs.map((cpf) => byCpf.get(cpf)?.map(consultaOf) ?? []);
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

interface FoundRow extends Omit<ConsultaRow, 'cpf' | 'dataHora'> {
  readonly pessoa: string;
  /** Seconds of the epoch: `1795176000.000000`, `Infinity`. */
  readonly dataHora: string | null;
}

interface CountRow {
  readonly pessoa: string;
  readonly quantidade: number;
}

const consultaOf = ({ pessoa: _, dataHora, ...row }: FoundRow): Consulta => ({
  origem: 'base-c',
  dataHoraMillis: dataHora === null ? null : Math.round(Number(dataHora) * 1_000),
  ...row,
});

/** By its bytes, whatever the database's collation: the same order in every copy of Base C. */
const ID_IN_ORDER = Prisma.sql`c.id COLLATE "C"`;

/** What comes after a read of an earlier page. One without an instant stands before all others. */
const behind = ({ dataHoraMillis, id }: ConsultaKey): Prisma.Sql =>
  dataHoraMillis === null
    ? Prisma.sql`AND (c.data_hora IS NOT NULL OR ${ID_IN_ORDER} < ${id})`
    : Prisma.sql`AND (c.data_hora, ${ID_IN_ORDER}) < (${instantSql(dataHoraMillis)}, ${id})`;

/** Seconds and thousandths apart: together they are more than a double holds in the years that no text of ours can write. */
function instantSql(millis: number): Prisma.Sql {
  if (!Number.isFinite(millis)) return Prisma.sql`${millis > 0 ? 'infinity' : '-infinity'}::timestamptz`;
  const seconds = Math.floor(millis / 1_000);
  return Prisma.sql`(timestamptz 'epoch' + ${seconds}::float8 * interval '1 second'
    + ${millis - seconds * 1_000}::float8 * interval '1 millisecond')`;
}

const OWN = { of: 'c', without: ['cpf'] } as const;
const SELECTED = Prisma.raw(selectList(baseC, 'consulta', OWN));
const COLUMNS = Prisma.raw(columnList(baseC, 'consulta', OWN));

const findStatement = (
  cpfs: readonly Cpf[],
  { filter, after, limit }: ConsultaQuery,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT asked.cpf AS "pessoa", ${SELECTED}
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS}
    FROM ${Prisma.raw(table('consulta'))} c
    WHERE c.cpf = asked.cpf ${matches(filter)}
      ${after ? behind(after) : Prisma.empty}
    ORDER BY c.data_hora DESC, ${ID_IN_ORDER} DESC
    LIMIT ${limit}
  ) c
  ORDER BY c.data_hora DESC, ${ID_IN_ORDER} DESC`;

const countStatement = (
  cpfs: readonly Cpf[],
  filter: ConsultaFilter,
  upTo: number,
  table: TableName,
): Prisma.Sql => Prisma.sql`
  SELECT asked.cpf AS "pessoa", c.quantidade
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade"
    FROM (SELECT FROM ${Prisma.raw(table('consulta'))} c WHERE c.cpf = asked.cpf ${matches(filter)} LIMIT ${upTo}) bounded
  ) c`;

function matches({ from, until, knownBefore, finalidades, thirdPartiesOnly }: ConsultaFilter): Prisma.Sql {
  const conditions = [
    from && Prisma.sql`AND c.data_hora >= ${from}::timestamptz`,
    until && Prisma.sql`AND c.data_hora < ${until}::timestamptz`,
    knownBefore && Prisma.sql`AND (c.data_hora >= ${knownBefore}::timestamptz) IS NOT TRUE`,
    finalidades && Prisma.sql`AND c.finalidade = ANY (${finalidades})`,
    // one of which the base does not say whose it was may be a third party's
    thirdPartiesOnly && Prisma.sql`AND c.pelo_titular IS NOT TRUE`,
  ].filter((condition) => condition instanceof Prisma.Sql);
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, ' ');
}

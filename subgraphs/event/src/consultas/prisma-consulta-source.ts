import type { Cpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import type { Base } from '@pessoa/platform/base/base';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { Consulta } from './consulta.ts';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaQuery, ConsultaSource } from './consulta-source.ts';

/** The reads that Base C has: those of other bureaus, and ours from before our audit. */
export function prismaConsultaSource(base: Base<PrismaClient>): ConsultaSource {
  return {
    origem: 'base-c',
    async find(cpfs, query) {
      const rows = await base.read((client) => client.$queryRaw<ConsultaRow[]>(findStatement(cpfs, query)));
      const byCpf = Map.groupBy(rows, ({ pessoa }) => pessoa);
      return cpfs.map((cpf) => byCpf.get(cpf)?.map(consultaOf) ?? []);
    },
    async count(cpfs, filter, upTo) {
      const rows = await base.read((client) => client.$queryRaw<CountRow[]>(countStatement(cpfs, filter, upTo)));
      const byCpf = new Map(rows.map(({ pessoa, quantidade }) => [pessoa, quantidade]));
      return cpfs.map((cpf) => byCpf.get(cpf) ?? 0);
    },
  };
}

interface ConsultaRow extends Omit<Consulta, 'origem' | 'dataHora'> {
  readonly pessoa: string;
  readonly dataHora: Date | null;
}

interface CountRow {
  readonly pessoa: string;
  readonly quantidade: number;
}

function consultaOf({ pessoa: _, dataHora, ...row }: ConsultaRow): Consulta {
  // The merged list is put in order by it, before anything is written.
  if (dataHora === null) {
    throw new PublicError('FONTE_INVALIDA', { fonte: 'evento', cause: new Error('consulta.data_hora is null') });
  }
  return { origem: 'base-c', dataHora, ...row };
}

const findStatement = (cpfs: readonly Cpf[], { filter, after, limit }: ConsultaQuery): Prisma.Sql => Prisma.sql`
  SELECT asked.cpf AS "pessoa", c.*
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT c.id, c.consulente, c.cnpj_consulente AS "cnpjConsulente", c.biro, c.data_hora AS "dataHora", c.finalidade,
           c.produto, c.pelo_titular AS "peloTitular"
    FROM consulta c
    WHERE c.cpf = asked.cpf ${matches(filter)}
      ${after ? Prisma.sql`AND (c.data_hora, c.id) < (${after.dataHora.toISOString()}::timestamptz, ${after.id})` : Prisma.empty}
    ORDER BY c.data_hora DESC, c.id DESC
    LIMIT ${limit}
  ) c
  ORDER BY c."dataHora" DESC, c.id DESC`;

const countStatement = (cpfs: readonly Cpf[], filter: ConsultaFilter, upTo: number): Prisma.Sql => Prisma.sql`
  SELECT asked.cpf AS "pessoa", c.quantidade
  FROM unnest(${cpfs}::bpchar[]) AS asked (cpf)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS "quantidade"
    FROM (SELECT FROM consulta c WHERE c.cpf = asked.cpf ${matches(filter)} LIMIT ${upTo}) bounded
  ) c`;

function matches({ from, until, finalidades, thirdPartiesOnly }: ConsultaFilter): Prisma.Sql {
  const conditions = [
    from && Prisma.sql`AND c.data_hora >= ${from}::timestamptz`,
    until && Prisma.sql`AND c.data_hora < ${until}::timestamptz`,
    finalidades && Prisma.sql`AND c.finalidade = ANY (${finalidades})`,
    thirdPartiesOnly && Prisma.sql`AND NOT c.pelo_titular`,
  ].filter((condition) => condition instanceof Prisma.Sql);
  return conditions.length === 0 ? Prisma.empty : Prisma.join(conditions, ' ');
}

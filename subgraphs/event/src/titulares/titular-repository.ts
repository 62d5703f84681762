import type { Cpf } from '@pessoa/domain/cpf';
import type { Base } from '@pessoa/subgraph/base/base';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';

/** Whom Base C knows: the people in its `titular`, and nobody else. */
export interface TitularRepository {
  /** In the order asked; one statement a call. */
  areKnown(cpfs: readonly Cpf[]): Promise<boolean[]>;
}

export function prismaTitularRepository(base: Base<PrismaClient>): TitularRepository {
  return {
    async areKnown(cpfs) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<{ cpf: string }[]>(
          Prisma.sql`SELECT cpf FROM ${Prisma.raw(table('titular'))} WHERE cpf = ANY (${cpfs}::bpchar[])`,
        ),
      );
      const known = new Set(rows.map(({ cpf }) => cpf));
      return cpfs.map((cpf) => known.has(cpf));
    },
  };
}

import type { Base } from '@pessoa/subgraph/base/base';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { TitularRepository } from './titular-repository.ts';

export function prismaTitularRepository(base: Base<PrismaClient>): TitularRepository {
  return {
    async areKnown(cpfs) {
      const titulares = await base.read((_, { table, rows }) =>
        rows<{ cpf: string }>(
          Prisma.sql`SELECT cpf FROM ${Prisma.raw(table('titular'))} WHERE cpf = ANY (${cpfs}::bpchar[])`,
        ),
      );
      const knownCpfs = new Set(titulares.map(({ cpf }) => cpf));
      return cpfs.map((cpf) => knownCpfs.has(cpf));
    },
  };
}

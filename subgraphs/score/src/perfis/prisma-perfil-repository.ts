import type { BemRow, EnderecoRow, FonteDeRendaRow, TitularRow } from '@pessoa/bases/base-b';
import type { Cpf } from '@pessoa/domain/cpf';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Base, TableName } from '@pessoa/subgraph/base/base';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { PerfilRepository } from './perfil-repository.ts';
import { catchPublicError, ITEMS_MAX, perfilOf } from './perfil-rows.ts';
import {
  bensStatement,
  enderecosStatement,
  fontesDeRendaStatement,
  titularesStatement,
} from './prisma-perfil-statements.ts';

export function prismaPerfilRepository(base: Base<PrismaClient>): PerfilRepository {
  const readTable = <Row extends object>(statement: (table: TableName) => Prisma.Sql) =>
    base.read(async (_, { isStale, table, rows }) => ({ rows: await rows<Row>(statement(table)), isStale }));
  const readTitulares = (cpfs: readonly Cpf[]) =>
    base.read(async (client, { isStale, table }) => ({
      rows: await client.$queryRaw<TitularRow[]>(titularesStatement(cpfs, table)),
      isStale,
    }));
  return {
    async findByCpfs(cpfs) {
      const limit = ITEMS_MAX + 1;
      const [titulares, enderecos, bens, fontesDeRenda] = await Promise.all([
        readTitulares(cpfs),
        readTable<EnderecoRow>((table) => enderecosStatement(cpfs, table)),
        readTable<BemRow>((table) => bensStatement(cpfs, table, limit)),
        readTable<FonteDeRendaRow>((table) => fontesDeRendaStatement(cpfs, table, limit)),
      ]);
      const titularOf = new Map(titulares.rows.map((row) => [row.cpf, row]));
      const enderecoOf = new Map(
        enderecos.rows.map(({ cpf, ...row }) => [cpf, { ...row, atualizadoEm: readEpoch(row.atualizadoEm) }]),
      );
      const bensOf = Map.groupBy(bens.rows, ({ cpf }) => cpf);
      const fontesOf = Map.groupBy(fontesDeRenda.rows, ({ cpf }) => cpf);
      const desatualizado = [titulares, enderecos, bens, fontesDeRenda].some(({ isStale }) => isStale);

      return cpfs.map((cpf) => {
        const titular = titularOf.get(cpf);
        if (!titular) return undefined;
        const rows = {
          titular,
          endereco: enderecoOf.get(cpf),
          bens: bensOf.get(cpf) ?? [],
          fontesDeRenda: fontesOf.get(cpf) ?? [],
          desatualizado,
        };
        return catchPublicError(() => perfilOf(rows));
      });
    },
  };
}

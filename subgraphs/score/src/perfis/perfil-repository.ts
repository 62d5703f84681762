import type { Cpf } from '@pessoa/domain/cpf';
import type { PublicError } from '@pessoa/domain/errors';
import type { Base } from '@pessoa/platform/base/base';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Endereco, Perfil } from './perfil.ts';
import { type BemRow, type FonteDeRendaRow, ITEMS_MAX, orItsError, perfilOf, type TitularRow } from './perfil-rows.ts';
import { bensStatement, fontesDeRendaStatement, titularesStatement } from './perfil-statements.ts';

/**
 * Profiles of Base B, assets and sources of income by id. Four statements a call, one for each table, side by side,
 * whatever the number of people, bringing at most `ITEMS_MAX` + 1 assets and as many sources of each.
 */
export interface PerfilRepository {
  /**
   * One profile per CPF, in the order asked; undefined where the base does not know the CPF, FONTE_INVALIDA where what
   * it has of a person cannot be used.
   */
  perfis(cpfs: readonly Cpf[]): Promise<(Perfil | PublicError | undefined)[]>;
}

export function prismaPerfilRepository(base: Base<PrismaClient>): PerfilRepository {
  const marked = <Rows>(statement: (client: PrismaClient) => Promise<Rows>) =>
    base.read(async (client, { isStale }) => ({ rows: await statement(client), isStale }));
  return {
    async perfis(cpfs) {
      const limit = ITEMS_MAX + 1;
      const [titulares, enderecos, bens, fontesDeRenda] = await Promise.all([
        marked((client) => client.$queryRaw<TitularRow[]>(titularesStatement(cpfs))),
        marked((client) => client.endereco.findMany({ where: { cpf: { in: [...cpfs] } } })),
        marked((client) => client.$queryRaw<BemRow[]>(bensStatement(cpfs, limit))),
        marked((client) => client.$queryRaw<FonteDeRendaRow[]>(fontesDeRendaStatement(cpfs, limit))),
      ]);
      const titularOf = new Map(titulares.rows.map((row) => [row.cpf, row]));
      const enderecoOf = new Map(enderecos.rows.map((row) => [row.cpf, row as Endereco]));
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
        return orItsError(() => perfilOf(rows));
      });
    },
  };
}

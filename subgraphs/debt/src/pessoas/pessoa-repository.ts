import type { Cpf } from '@pessoa/domain/cpf';
import type { Base } from '@pessoa/platform/base/base';
import { instantText, readInstant } from '@pessoa/platform/base/sql-values';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { Endereco, SituacaoCadastral } from '../generated/resolvers.ts';

export interface Cadastro {
  readonly nome: string;
  readonly situacaoCadastral: SituacaoCadastral;
}

/** Who a person is, by Base A. One statement a call; undefined where the base has nothing. */
export interface PessoaRepository {
  cadastros(cpfs: readonly Cpf[]): Promise<(Cadastro | undefined)[]>;
  enderecos(cpfs: readonly Cpf[]): Promise<(Endereco | undefined)[]>;
}

export function prismaPessoaRepository(base: Base<PrismaClient>): PessoaRepository {
  return {
    async cadastros(cpfs) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<(Cadastro & { readonly cpf: string })[]>(Prisma.sql`
          SELECT cpf, nome, situacao_cadastral AS "situacaoCadastral" FROM ${Prisma.raw(table('pessoa'))}
          WHERE cpf = ANY (${cpfs}::bpchar[])`),
      );
      const byCpf = new Map(rows.map((row) => [row.cpf, row]));
      return cpfs.map((cpf) => byCpf.get(cpf));
    },
    async enderecos(cpfs) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<EnderecoRow[]>(Prisma.sql`
          SELECT cpf, logradouro, numero, complemento, bairro, cidade, uf, cep, codigo_ibge AS "codigoIbge",
                 ${Prisma.raw(instantText('atualizado_em'))} AS "atualizadoEm"
          FROM ${Prisma.raw(table('endereco'))} WHERE cpf = ANY (${cpfs}::bpchar[])`),
      );
      const byCpf = new Map(
        rows.map((row) => [row.cpf, { ...row, atualizadoEm: readInstant(row.atualizadoEm) } as Endereco]),
      );
      return cpfs.map((cpf) => byCpf.get(cpf));
    },
  };
}

interface EnderecoRow extends Omit<Endereco, 'atualizadoEm'> {
  readonly cpf: string;
  readonly atualizadoEm: string | null;
}

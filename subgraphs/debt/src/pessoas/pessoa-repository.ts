import type { Cpf } from '@pessoa/domain/cpf';
import type { Base } from '@pessoa/platform/base/base';
import type { PrismaClient } from '../generated/prisma/client.ts';
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
      const rows = await base.read((client) => client.pessoa.findMany({ where: { cpf: { in: [...cpfs] } } }));
      const byCpf = new Map(rows.map((row) => [row.cpf, row]));
      return cpfs.map((cpf) => byCpf.get(cpf) as Cadastro | undefined);
    },
    async enderecos(cpfs) {
      const rows = await base.read((client) => client.endereco.findMany({ where: { cpf: { in: [...cpfs] } } }));
      const byCpf = new Map(rows.map((row) => [row.cpf, row]));
      return cpfs.map((cpf) => byCpf.get(cpf) as Endereco | undefined);
    },
  };
}

import { baseA, type EnderecoRow, type PessoaRow } from '@pessoa/bases/base-a';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Base } from '@pessoa/subgraph/base/base';
import { selectList } from '@pessoa/subgraph/base/select-list';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { PessoaRepository } from './pessoa-repository.ts';

const PESSOA = Prisma.raw(selectList(baseA, 'pessoa'));
const ENDERECO = Prisma.raw(selectList(baseA, 'endereco'));

export function prismaPessoaRepository(base: Base<PrismaClient>): PessoaRepository {
  return {
    async cadastros(cpfs) {
      const pessoas = await base.read((_, { table, rows }) =>
        rows<PessoaRow>(Prisma.sql`
          SELECT ${PESSOA} FROM ${Prisma.raw(table('pessoa'))}
          WHERE cpf = ANY (${cpfs}::bpchar[])`),
      );
      const byCpf = new Map(pessoas.map((pessoa) => [pessoa.cpf, pessoa]));
      return cpfs.map((cpf) => byCpf.get(cpf));
    },
    async enderecos(cpfs) {
      const rows = await base.read((client, { table }) =>
        client.$queryRaw<EnderecoRow[]>(Prisma.sql`
          SELECT ${ENDERECO} FROM ${Prisma.raw(table('endereco'))}
          WHERE cpf = ANY (${cpfs}::bpchar[])`),
      );
      const byCpf = new Map(rows.map((row) => [row.cpf, { ...row, atualizadoEm: readEpoch(row.atualizadoEm) }]));
      return cpfs.map((cpf) => byCpf.get(cpf));
    },
  };
}

import type { PessoaResolvers } from '../generated/resolvers.ts';

/** Fields of Pessoa that Debt resolves. */
export const Pessoa: PessoaResolvers = {
  nome: async ({ cpf }, _, { reads }) => (await reads.cadastro.load(cpf))?.nome,
  situacaoCadastral: async ({ cpf }, _, { reads }) => (await reads.cadastro.load(cpf))?.situacaoCadastral,
  endereco: ({ cpf }, _, { reads }) => reads.endereco.load(cpf),
  dividas: ({ cpf }, args, { reads }) => reads.dividas.page(cpf, args),
  resumoDividas: ({ cpf }, _, { reads }) => reads.dividas.resumo(cpf),
};

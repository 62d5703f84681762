import { nodeFieldsOf } from '@pessoa/subgraph/graphql/node-fields';
import { requireValue } from '@pessoa/subgraph/graphql/value-rules';
import type { EventosResolvers } from '../generated/resolvers.ts';

export const Eventos: EventosResolvers = {
  async ultimaConsulta({ cpf }, _, { reads }) {
    const ultima = await reads.consultas.ultima(cpf);
    // Without it nobody knows whether a third party asked: the inquiry may not be the one that this field promises.
    if (ultima) requireValue(ultima.peloTitular);
    return ultima;
  },
  consultas: ({ cpf }, args, { reads }) => reads.consultas.page(cpf, args),
  movimentacaoFinanceira: ({ cpf }, args, { reads }, info) => reads.movimentacoes.page(cpf, args, nodeFieldsOf(info)),
  ultimaCompraCartao: ({ cpf }, _, { reads }) => reads.ultimaCompra.load(cpf),
};

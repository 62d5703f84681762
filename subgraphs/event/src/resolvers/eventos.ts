import type { EventosResolvers } from '../generated/resolvers.ts';

export const Eventos: EventosResolvers = {
  ultimaConsulta: ({ cpf }, _, { reads }) => reads.consultas.ultima(cpf),
  consultas: ({ cpf }, args, { reads }) => reads.consultas.page(cpf, args),
  movimentacaoFinanceira: ({ cpf }, args, { reads }) => reads.movimentacoes.page(cpf, args),
  ultimaCompraCartao: ({ cpf }, _, { reads }) => reads.ultimaCompra.load(cpf),
};

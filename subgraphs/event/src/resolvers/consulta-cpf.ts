import type { ConsultaCpfResolvers } from '../generated/resolvers.ts';

export const ConsultaCpf: ConsultaCpfResolvers = {
  // What is no instant cannot be written, and so is a fault of the base.
  dataHora: ({ dataHoraMillis }) => new Date(dataHoraMillis ?? Number.NaN),
};

import type { ConsultaCpfResolvers } from '../generated/resolvers.ts';

export const ConsultaCpf: ConsultaCpfResolvers = {
  // An invalid Date cannot be serialized: the field then fails as FONTE_INVALIDA, which a bad instant of Base C is.
  dataHora: ({ dataHoraMillis }) => new Date(dataHoraMillis ?? Number.NaN),
  // Other bureaus reported those of Base C: our log has nothing of them.
  prova: ({ store, id }, _, { reads }) => (store === 'auditoria' ? reads.provas.load(id) : null),
};

import { digits, held } from '@pessoa/subgraph/graphql/held-value';
import type { EnderecoResolvers } from '../generated/resolvers.ts';

const CEP = digits(8);
const CODIGO_IBGE = digits(7);

export const Endereco: EnderecoResolvers = {
  cep: ({ cep }) => held(cep, CEP),
  codigoIbge: ({ codigoIbge }) => held(codigoIbge, CODIGO_IBGE),
};

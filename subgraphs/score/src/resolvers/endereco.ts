import { checkValue, digits } from '@pessoa/subgraph/graphql/value-rules';
import type { EnderecoResolvers } from '../generated/resolvers.ts';

const CEP = digits(8);
const CODIGO_IBGE = digits(7);

export const Endereco: EnderecoResolvers = {
  cep: ({ cep }) => checkValue(cep, CEP),
  codigoIbge: ({ codigoIbge }) => checkValue(codigoIbge, CODIGO_IBGE),
};

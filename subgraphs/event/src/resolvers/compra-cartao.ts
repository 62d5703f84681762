import {
  between,
  checkValue,
  digits,
  matching,
  neverNegative,
  requireValue,
} from '@pessoa/subgraph/graphql/value-rules';
import type { CompraCartaoResolvers } from '../generated/resolvers.ts';

const MOEDA = matching(/^[A-Z]{3}$/, 'three capital letters');
const QUATRO_DIGITOS = digits(4);
const PARCELAS = between(1, 99);

export const CompraCartao: CompraCartaoResolvers = {
  valor: ({ valor }) => checkValue(valor, neverNegative),
  valorMoedaOrigem: ({ valorMoedaOrigem }) => checkValue(valorMoedaOrigem, neverNegative),
  moedaOrigem: ({ moedaOrigem }) => checkValue(moedaOrigem, MOEDA),
  mcc: ({ mcc }) => checkValue(mcc, QUATRO_DIGITOS),
  finalCartao: ({ finalCartao }) => checkValue(finalCartao, QUATRO_DIGITOS),
  // The base may lack it. The number of instalments says the same.
  formaPagamento: ({ formaPagamento, parcelas }) =>
    formaPagamento ?? (checkValue(requireValue(parcelas), PARCELAS) > 1 ? 'A_PRAZO' : 'A_VISTA'),
  parcelas: ({ parcelas }) => checkValue(parcelas, PARCELAS),
};

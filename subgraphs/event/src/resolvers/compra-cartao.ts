import { between, digits, held, matching, neverNegative, promised } from '@pessoa/subgraph/graphql/held-value';
import type { CompraCartaoResolvers } from '../generated/resolvers.ts';

const MOEDA = matching(/^[A-Z]{3}$/, 'three capital letters');
const QUATRO_DIGITOS = digits(4);
const PARCELAS = between(1, 99);

export const CompraCartao: CompraCartaoResolvers = {
  valor: ({ valor }) => held(valor, neverNegative),
  valorMoedaOrigem: ({ valorMoedaOrigem }) => held(valorMoedaOrigem, neverNegative),
  moedaOrigem: ({ moedaOrigem }) => held(moedaOrigem, MOEDA),
  mcc: ({ mcc }) => held(mcc, QUATRO_DIGITOS),
  finalCartao: ({ finalCartao }) => held(finalCartao, QUATRO_DIGITOS),
  // The base may lack it. The number of instalments says the same.
  formaPagamento: ({ formaPagamento, parcelas }) =>
    formaPagamento ?? (held(promised(parcelas), PARCELAS) > 1 ? 'A_PRAZO' : 'A_VISTA'),
  parcelas: ({ parcelas }) => held(parcelas, PARCELAS),
};

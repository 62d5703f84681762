import { checkValue, digits, matching } from '@pessoa/subgraph/graphql/value-rules';
import type { InstituicaoResolvers } from '../generated/resolvers.ts';

const ISPB = matching(/^[A-Z0-9]{8}$/, 'eight letters or digits');
const COMPE = digits(3);

export const Instituicao: InstituicaoResolvers = {
  ispb: ({ ispb }) => checkValue(ispb, ISPB),
  compe: ({ compe }) => checkValue(compe, COMPE),
};

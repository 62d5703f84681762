import { digits, held, matching } from '@pessoa/subgraph/graphql/held-value';
import type { InstituicaoResolvers } from '../generated/resolvers.ts';

const ISPB = matching(/^[A-Z0-9]{8}$/, 'eight letters or digits');
const COMPE = digits(3);

export const Instituicao: InstituicaoResolvers = {
  ispb: ({ ispb }) => held(ispb, ISPB),
  compe: ({ compe }) => held(compe, COMPE),
};
